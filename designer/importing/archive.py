"""The two members of a zip that say what a model is, read without unpacking anything else.

A package of ours, a ``.keras`` file of ours and one from elsewhere are all zips. Nothing in them
is written to disk, no weights are read, and what an archive's list promises is not believed.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from designer.datasets.own.archives import DAMAGE, climbs, is_bomb
from designer.errors import DesignError
from designer.importing.limits import LARGEST_JSON, LARGEST_LIST, MOST_ENTRIES
from designer.zip_lists import list_size

#: What we write beside every model, and what Keras writes into every ``.keras`` file.
DESIGN, CONFIG = "design.json", "config.json"

_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def is_archive(start: bytes) -> bool:
    """Return whether a file begins as a zip does."""
    return start.startswith(_MARKS)


def members(path: Path, name: str) -> dict[str, bytes]:
    """Return the members called ``design.json`` and ``config.json``, as far as there are such.

    Args:
        name: what the file is called in a refusal.

    Raises:
        DesignError: it is damaged, or made to do harm; the message says which.
    """
    try:
        with path.open("rb") as file:
            _check_list(file, name)
            with zipfile.ZipFile(file) as archive:
                return _members(archive, name)
    except DesignError:
        raise
    except (*DAMAGE, NotImplementedError, struct.error) as error:
        why = " ".join(str(error).split())[:120] or type(error).__name__
        raise DesignError(
            f"{name} is a zip that cannot be read ({why}): it is damaged, or only a part of one."
        ) from None


def _check_list(file: BinaryIO, name: str) -> None:
    """Refuse an archive whose list alone would fill the memory: it is read before it is judged."""
    size = list_size(file)
    if size is None:
        raise DesignError(f"{name} is only a part of a zip: its end is missing. Get it again.")
    if size > LARGEST_LIST:
        raise DesignError(f"{name} lists more files than any model has; it is refused.")


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise DesignError(
            f"{name} holds {len(entries):,} files; at most {MOST_ENTRIES:,} are looked at."
        )
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        if climbs(entry.orig_filename) or climbs(entry.filename):
            raise DesignError(
                f"{name} is refused: it holds a file whose path leads out of the archive"
                f" ({entry.filename[:80]!r})."
            )
        path = PurePosixPath(entry.filename)
        # Whoever packs a folder again puts everything into one more folder.
        if path.name in (DESIGN, CONFIG) and len(path.parts) <= 2:
            known = found.get(path.name)
            if known is None or len(path.parts) < len(PurePosixPath(known.filename).parts):
                found[path.name] = entry
    return {key: _read(archive, entry, name) for key, entry in found.items()}


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    what = f"{PurePosixPath(entry.filename).name} in {name}"
    if entry.flag_bits & 1:
        raise DesignError(f"{what} is locked by a password; pack it without one.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise DesignError(f"{what} only points to another place; it is refused.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DesignError(f"{what} is packed in a way that neither we nor Keras write.")
    if is_bomb(entry):
        raise DesignError(f"{what} would unpack to {entry.file_size:,} bytes: a zip bomb.")
    with archive.open(entry) as file:
        data = file.read(LARGEST_JSON + 1)  # whatever its list says of its size
    if len(data) > LARGEST_JSON:
        raise DesignError(
            f"{what} is larger than {LARGEST_JSON // 1024**2} MB, the most that is read."
        )
    return data
