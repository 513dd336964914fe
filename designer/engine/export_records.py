"""Exports as they lie on disk: a folder each, with what was asked for and what came of it.

The folder's name is made at random and told to nobody but those who asked, so that it is also the
key with which the file is fetched.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from designer.paths import cache_folder

WAITING = "waiting"
RUNNING = "running"
READY = "ready"
FAILED = "failed"

_NAMES = re.compile(r"[0-9a-f]{32}")
_ABOUT = "about.json"
_LOCK = "lock"
_MADE = "made-"


@dataclass(frozen=True)
class ExportRecord:
    """An export: what was asked for, and what came of it.

    Attributes:
        token: 32 hexadecimal digits; whoever knows them may fetch the file.
        question: the same for two who ask for the same.
        title: what is exported, in words.
        file_name: what the file is called for those who fetch it.
        job: the arguments of the job ``"export"``, without ``out``.
        asked: when, seconds since 1970.
        askers: who asked for it, each by a mark of their own.
        state: ``"waiting"`` (or under way), ``"ready"`` or ``"failed"``.
        ended: when it was ready or failed; 0 before.
        result: what the job answered.
        file: the file, seen from the export's folder.
        error: why there is none, in words.
        attempts: how often it was begun, but for those that a server ended in good order.
    """

    token: str
    question: str
    title: str
    file_name: str
    job: dict[str, Any]
    asked: float
    askers: tuple[str, ...]
    state: str = WAITING
    ended: float = 0.0
    result: dict[str, Any] = field(default_factory=dict)
    file: str = ""
    error: str = ""
    attempts: int = 0

    @property
    def folder(self) -> Path:
        """Its folder."""
        return exports_folder() / self.token

    @property
    def path(self) -> Path:
        """The file, if it is ready."""
        return self.folder / self.file

    @property
    def is_there(self) -> bool:
        """Whether it can be fetched."""
        return self.state == READY and self.path.is_file()

    @property
    def lock(self) -> Path:
        """The file that is locked by the process that sees to it."""
        return self.folder / _LOCK

    def new_place(self) -> Path:
        """Return an empty folder for another attempt to make it."""
        place = self.folder / f"{_MADE}{secrets.token_hex(4)}"
        place.mkdir()
        return place

    def save(self) -> None:
        """Write it down, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        unfinished = self.folder / f"{_ABOUT}.new"
        unfinished.write_text(json.dumps(asdict(self)), encoding="utf-8")
        unfinished.replace(self.folder / _ABOUT)

    def clear(self) -> None:
        """Throw away what was made, but for the file it is about."""
        kept = Path(self.file).parts[:1]
        for made in self.folder.glob(f"{_MADE}*"):
            if made.name not in kept:
                shutil.rmtree(made, ignore_errors=True)

    def remove(self) -> None:
        """Throw it away with all there is of it."""
        with contextlib.suppress(OSError):  # first the name by which it is found
            (self.folder / _ABOUT).unlink()
        with contextlib.suppress(OSError):
            shutil.rmtree(self.folder, ignore_errors=True)


def exports_folder() -> Path:
    """Return the folder of all exports, made if it is not there."""
    folder = cache_folder() / "exports"
    folder.mkdir(exist_ok=True)
    return folder


def new_token() -> str:
    """Return a name that nobody can guess."""
    return secrets.token_hex(16)


def read_record(token: object) -> ExportRecord | None:
    """Return an export by its token; ``None`` if there is none, whatever it was asked with."""
    if not isinstance(token, str) or not _NAMES.fullmatch(token):
        return None
    try:
        held = json.loads((exports_folder() / token / _ABOUT).read_text(encoding="utf-8"))
        return _record(held, token)
    except (OSError, ValueError, TypeError):
        return None


def records() -> Iterator[ExportRecord]:
    """Yield every export there is."""
    with contextlib.suppress(OSError):
        for folder in list(exports_folder().iterdir()):
            if (record := read_record(folder.name)) is not None:
                yield record


def question_of(job: Mapping[str, Any], file_name: str) -> str:
    """Return what is the same for two who ask for the same.

    The record of a run follows from its model's file; of a run that went on since, that is
    another.
    """
    told: dict[str, Any] = {"job": dict(job), "file_name": file_name}
    if model := job.get("model_file"):
        told["job"].pop("record", None)
        with contextlib.suppress(OSError):
            known = Path(model).stat()
            told["model"] = [known.st_mtime_ns, known.st_size]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _record(held: Mapping[str, Any], token: str) -> ExportRecord:
    record = ExportRecord(**{**held, "token": token, "askers": tuple(held["askers"])})
    if Path(record.file).is_absolute() or ".." in Path(record.file).parts:
        raise ValueError(f"{record.file} is not in the export's folder")
    return record
