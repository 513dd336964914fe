"""Files as they arrive: written to disk piece by piece, and told apart by what is in them."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import time
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from designer.datasets.own.drafts import Draft, shortened
from designer.datasets.own.limits import (
    FREE_AFTERWARDS,
    LARGEST_FILE,
    LONGEST_LIST_OF_ARRAYS,
    MEGABYTE,
)
from designer.errors import DatasetError
from designer.paths import home
from designer.zip_lists import list_size

PIECE = 1 << 20  # bytes
DAY = 86_400.0
"""Seconds after which a file is thrown away that nobody made a data set of."""

SMALLER = "Take a part of its rows, or make its pictures smaller."
"""What a person with too large a data set can do."""

_NAMES = re.compile(r"[0-9a-f]{32}")


def incoming_folder() -> Path:
    """Return the folder of files that wait for a decision, made if it is not there."""
    folder = home() / "incoming"
    folder.mkdir(exist_ok=True)
    return folder


class Arrival:
    """A file that arrives in pieces and lies on disk from the first.

    Args:
        file_name: what it is called; nothing on disk is called so.
        largest: bytes that are taken.
        advice: what a person with a larger file can do.

    Attributes:
        size: bytes that are there.
    """

    def __init__(self, file_name: str, largest: int = LARGEST_FILE, advice: str = SMALLER):
        forget_old()
        self.size = 0
        self._largest = largest
        self._advice = advice
        self._file_name = clean_name(file_name)
        self._received = secrets.token_hex(16)
        self._folder = incoming_folder() / self._received
        self._folder.mkdir()

    def add(self, piece: bytes) -> None:
        """Write the next piece.

        Raises:
            DatasetError: the file is too large, or the disk is full; nothing is left of it then.
        """
        try:
            if self.size + len(piece) > self._largest:
                raise DatasetError(
                    f"The file is larger than {self._largest // 1024**2:,} MB, the most that is"
                    f" taken. {self._advice}"
                )
            if self.size % (64 * PIECE) < len(piece) + 1:
                _check_room(self._folder)
            with (self._folder / "file").open("ab") as file:
                file.write(piece)
        except OSError as error:
            self.give_up()
            raise DatasetError(f"The file cannot be kept: {error.strerror or error}.") from error
        except BaseException:
            self.give_up()
            raise
        self.size += len(piece)

    def finish(self) -> str:
        """Say that it is whole; return the name it waits under."""
        if not self.size:
            self.add(b"")
        told = {"file_name": self._file_name, "bytes": self.size}
        (self._folder / "about.json").write_text(json.dumps(told))
        return self._received

    def give_up(self) -> None:
        """Throw away what is there of it."""
        discard(self._received)


def receive(stream: BinaryIO, file_name: str) -> str:
    """Write a file to disk piece by piece, and return the name it waits under.

    Args:
        stream: its bytes.
        file_name: what it is called.

    Raises:
        DatasetError: it is too large, or the disk is full.
    """
    arrival = Arrival(file_name)
    while piece := stream.read(PIECE):
        arrival.add(piece)
    return arrival.finish()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def about(received: str) -> tuple[Path, dict[str, Any]]:
    """Return a waiting file, and what is known of it: ``file_name`` and ``bytes``.

    Raises:
        DatasetError: it is not there any more.
    """
    folder = _folder(received)
    try:
        return folder / "file", json.loads((folder / "about.json").read_text())
    except OSError:
        raise DatasetError("The file is not there any more: choose it again.") from None


def form_of(path: Path, file_name: str) -> str:
    """Return what a file is by its first bytes, whatever its name says: "table", "pictures" or
    "arrays".

    Raises:
        DatasetError: it is none of them.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "arrays" if _holds_arrays(path) else "pictures"
    suffix = PurePosixPath(file_name).suffix.lower()
    known = {
        b"\x1f\x8b": "packed by gzip: unpack it first",
        b"7z\xbc\xaf": "a 7-Zip archive: make a zip of the folder instead",
        b"Rar!": "a RAR archive: make a zip of the folder instead",
        b"\x93NUMPY": "a single array: save features and labels together with numpy.savez",
        b"\x80": "a pickle, which can run any program when it is opened: use numpy.savez",
        b"\x89PNG": "one picture: make a zip with a folder for each class",
        b"\xff\xd8\xff": "one picture: make a zip with a folder for each class",
        b"%PDF": "a PDF: save the table as CSV",
        b"\x89HDF": "an HDF5 file: save its arrays with numpy.savez",
        b"PAR1": "a Parquet file: save the table as CSV",
    }
    for mark, what in known.items():
        if start.startswith(mark):
            raise DatasetError(f"{file_name} is {what}.")
    if suffix in (".zip", ".npz"):
        raise DatasetError(
            f"{file_name} is no zip archive, or only a part of one. Pack it, or download it, again."
        )
    return "table"


def note_progress(received: str, part: float) -> None:
    """Write down how far the work on a waiting file is, 0 to 1."""
    folder = _folder(received)
    if folder.is_dir():
        unfinished = folder / "progress.new"
        unfinished.write_text(f"{part:.3f}")
        unfinished.replace(folder / "progress")


def progress_of(received: str) -> float:
    """Return how far the work on a waiting file is, 0 to 1."""
    try:
        return float((_folder(received) / "progress").read_text())
    except (OSError, ValueError):
        return 0.0


def keep_draft(received: str, draft: Draft) -> None:
    """Keep a draft beside its file."""
    (_folder(received) / "draft.json").write_text(json.dumps(draft.to_dict()))


def draft_of(received: str) -> Draft:
    """Return the draft kept beside a waiting file.

    Raises:
        DatasetError: there is none.
    """
    try:
        return Draft.from_dict(json.loads((_folder(received) / "draft.json").read_text()))
    except OSError:
        raise DatasetError("The file is not there any more: choose it again.") from None


def discard(received: str) -> None:
    """Throw a waiting file away."""
    shutil.rmtree(_folder(received), ignore_errors=True)


def forget_old(older_than: float = DAY) -> None:
    """Throw away the files that nobody came back for."""
    now = time.time()
    for folder in incoming_folder().iterdir():
        try:
            old = now - folder.stat().st_mtime > older_than
        except OSError:
            continue
        if old and _NAMES.fullmatch(folder.name):
            discard(folder.name)


def clean_name(file_name: str) -> str:
    """Return a file's own name, to show and no more: no folders, nothing unprintable."""
    last = file_name.replace("\\", "/").rstrip("/").split("/")[-1]
    return shortened(last, 120) or "file"


def _folder(received: str) -> Path:
    if not isinstance(received, str) or not _NAMES.fullmatch(received):
        raise DatasetError("There is no such file: choose it again.")
    return incoming_folder() / received


def _check_room(folder: Path) -> None:
    if shutil.disk_usage(folder).free < FREE_AFTERWARDS:
        raise DatasetError(
            f"Less than {FREE_AFTERWARDS // MEGABYTE} MB of the disk are free: no file is taken."
        )


def _holds_arrays(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            size = list_size(file)
            if size is None or size > LONGEST_LIST_OF_ARRAYS:
                return False
            with zipfile.ZipFile(file) as archive:
                names = [name for name in archive.namelist() if not name.endswith("/")]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False  # said where it is opened
    return bool(names) and all(name.endswith(".npy") for name in names)
