"""What a zip archive holds, judged by its list before anything is unpacked."""

from __future__ import annotations

import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from designer.datasets.own.drafts import Problem, Tally
from designer.datasets.own.limits import (
    ALWAYS_UNPACKED,
    GIGABYTE,
    LARGEST_RATIO,
    LARGEST_UNPACKED,
    LONGEST_LIST,
    MEGABYTE,
    MOST_ENTRIES,
)
from designer.errors import DatasetError
from designer.zip_lists import list_size

DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, RuntimeError,
)  # fmt: skip
"""What is raised where a file in an archive is damaged (``NotImplementedError`` is one of them)."""

_DRIVE = re.compile(r"^[A-Za-z]:")
_OF_SYSTEMS = re.compile(r"(^|/)(__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", re.I)


@dataclass(frozen=True)
class Contents:
    """What an archive holds.

    Attributes:
        files: the entries that may be unpacked, in order of their names.
        folders: every folder, with or without files.
        problems: the entries that may not be, and why.
    """

    files: tuple[zipfile.ZipInfo, ...]
    folders: frozenset[str]
    problems: tuple[Problem, ...]


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive.

    Raises:
        DatasetError: it is damaged, cut short, or none; or its list alone would fill the memory.
    """
    try:
        with path.open("rb") as file:
            size = list_size(file)
        if size is not None and size > LONGEST_LIST:
            raise DatasetError(
                f"Refused: the archive's list of files is {size // MEGABYTE:,} MB long; at most"
                f" {LONGEST_LIST // MEGABYTE} MB are read."
            )
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DatasetError(
            f"The archive cannot be opened ({error}): it is damaged or only a part of one. Pack "
            "it, or download it, again."
        ) from None
    with archive:
        yield archive


def contents(archive: zipfile.ZipFile) -> Contents:
    """Judge every entry of an archive by its name, its kind and its sizes.

    Raises:
        DatasetError: it holds too many files, or together they would unpack to too much.
    """
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise DatasetError(
            f"The archive holds {len(entries):,} files; at most {MOST_ENTRIES:,} are taken."
        )
    climbing, links, locked, bombs = Tally(), Tally(), Tally(), Tally()
    files: dict[str, zipfile.ZipInfo] = {}
    folders: set[str] = set()
    for entry in entries:
        name = entry.filename
        if climbs(entry.orig_filename) or climbs(name):
            climbing.add(entry.orig_filename)
            continue
        if _OF_SYSTEMS.search(name):
            continue  # what operating systems leave in folders
        elif stat.S_ISLNK(entry.external_attr >> 16):
            links.add(name)
        elif entry.is_dir():
            folders.add(name.rstrip("/"))
        elif entry.flag_bits & 1:
            locked.add(name)
        elif is_bomb(entry):
            bombs.add(f"{name}: {entry.compress_size:,} bytes to {entry.file_size:,}")
        else:
            files[name] = entry  # of two with one name, the last, as others unpack it
        folders.update(str(parent) for parent in PurePosixPath(name).parents if str(parent) != ".")
    unpacked = sum(entry.file_size for entry in files.values())
    if unpacked > LARGEST_UNPACKED:
        raise DatasetError(
            f"Refused: the archive would unpack to {unpacked / GIGABYTE:.1f} GB, more than the "
            f"{LARGEST_UNPACKED // GIGABYTE} GB that are taken."
        )
    problems = tuple(
        Problem(kind, tally.count, message.format(count(tally.count)), tally.examples)
        for kind, tally, message in (
            ("climbing_paths", climbing, "{} with a path that leads out of the archive"),
            ("links", links, "{} that only points to another place"),
            ("encrypted", locked, "{} locked by a password"),
            ("bombs", bombs,
             f"{{}} that would unpack to more than {LARGEST_RATIO} times the size (a zip bomb)"),
        )
        if tally.count
    )  # fmt: skip
    return Contents(tuple(files[name] for name in sorted(files)), frozenset(folders), problems)


def count(many: int, one: str = "file", several: str = "") -> str:
    """Return "1 file", "2 files"."""
    return f"{many:,} {one}" if many == 1 else f"{many:,} {several or one + 's'}"


def is_bomb(entry: zipfile.ZipInfo) -> bool:
    """Say whether an entry would unpack to much more than any honest file."""
    largest = max(ALWAYS_UNPACKED, LARGEST_RATIO * max(1, entry.compress_size))
    return entry.file_size > largest


def climbs(name: str) -> bool:
    """Say whether a path in an archive leads out of it."""
    path = name.replace("\\", "/")
    return path.startswith("/") or bool(_DRIVE.match(path)) or ".." in path.split("/")
