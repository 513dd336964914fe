"""Where an export goes: what may be written there, and how it gets there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from designer.errors import ExportError
from designer.exports.base import ExportFormat
from designer.exports.ours import is_ours
from designer.memory import write_bytes

DEFLATED_UP_TO = 4 * 2**20
"""Larger files are weights, which deflate hardly makes smaller, slowly."""


@dataclass(frozen=True)
class Target:
    """What is to be made, and where.

    Attributes:
        path: where.
        is_zip: a package with a README, or the bare file or folder of the format.
        is_folder: whether ``path`` will be a folder.
    """

    path: Path
    is_zip: bool
    is_folder: bool


def target_for(format: ExportFormat, out: Path, others: set[str]) -> Target:
    """Return what a path asks for: a package (``.zip``), or the format's bare file or folder.

    Args:
        format: the format.
        out: the path a person gave; the ending of the format's files is added if it is missing.
        others: endings that mean other formats.

    Raises:
        ExportError: the path is of another format, or taken by something we did not write.
    """
    name = out.name.lower()
    if other := next((end for end in others - {format.suffix} if name.endswith(end)), ""):
        raise ExportError(
            f"{out}: the ending {other} is of another format than {format.name!r}, which"
            f" makes {_usual(format)}. Change the ending, or the format."
        )
    if format.is_package and out.suffix.lower() != ".zip":
        out = out.with_name(out.name + ".zip")
    is_zip = out.suffix.lower() == ".zip"
    is_folder = format.is_folder and not is_zip
    if not is_zip and not is_folder:
        if out.is_dir():
            raise ExportError(
                f"{out} is a folder. Name the file to make: {out / format.file_name} works."
            )
        if not name.endswith(format.suffix):
            last = Path(format.suffix).suffix  # weights.h5 becomes weights.weights.h5
            bare = out.stem if out.suffix.lower() == last else out.name
            out = out.with_name(bare + format.suffix)
    _check_free(out, is_folder)
    return Target(out, is_zip, is_folder)


def _usual(format: ExportFormat) -> str:
    if format.is_package:
        return "a .zip"
    return f"{'a folder' if format.is_folder else f'a {format.suffix} file'} or a .zip"


def _check_free(path: Path, is_folder: bool) -> None:
    """Refuse a path that holds something a person may want to keep."""
    try:
        if path.is_symlink() or not path.exists():
            if path.is_symlink():
                raise ExportError(f"{path} is a link. Choose another name, or remove it first.")
            return
        if path.is_dir():
            if is_folder and not any(path.iterdir()):
                return
            what = "a folder that is not empty" if is_folder else "a folder"
            raise ExportError(f"{path} is {what}. Choose another name, or remove it first.")
        if is_folder or not is_ours(path):
            raise ExportError(
                f"{path} is there already, and is not an export of ours. Choose another name, or"
                " remove it first."
            )
    except OSError as error:
        raise cannot_write(path, error) from None


@contextmanager
def workshop(target: Target, needed: int) -> Iterator[Path]:
    """Make an empty folder beside the target to work in; it is gone afterwards, come what may.

    Args:
        target: what is to be made; its parent folders are made too (and removed again if the
            export fails).
        needed: bytes that will be written.

    Raises:
        ExportError: nothing can be written there, or there is too little room.
    """
    parent = target.path.absolute().parent
    made = [folder for folder in (parent, *parent.parents) if not folder.exists()]
    try:
        parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(parent).free
        if needed > free:
            raise ExportError(
                f"The export needs about {write_bytes(needed)} of disk; {parent} has"
                f" {write_bytes(free)} left. Make room on that disk."
            )
        folder = Path(tempfile.mkdtemp(prefix=f".{target.path.name}.making-", dir=parent))
    except OSError as error:
        _remove_empty(made)
        raise cannot_write(target.path, error) from None
    except ExportError:
        _remove_empty(made)
        raise
    try:
        yield folder
    except OSError as error:
        raise cannot_write(target.path, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if not target.path.exists():
            _remove_empty(made)


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:  # the innermost comes first
        with contextlib.suppress(OSError):
            folder.rmdir()


def cannot_write(path: Path, error: OSError) -> ExportError:
    """Return the error for a person whose export could not be written."""
    if error.errno == errno.ENOSPC:
        return ExportError(f"{path} cannot be written: the disk is full. Make room on it.")
    reason = error.strerror or str(error) or type(error).__name__
    return ExportError(f"{path} cannot be written: {reason}. Choose a place you may write to.")


def pack(folder: Path, package: Path) -> None:
    """Write the files of a folder into a zip, a piece at a time, in the order of their paths.

    Raises:
        OSError: it cannot be written.
    """
    with zipfile.ZipFile(package, "w") as archive:
        for file in _files(folder):
            how = zipfile.ZIP_DEFLATED if _is_worth_deflating(file) else zipfile.ZIP_STORED
            archive.write(file, file.relative_to(folder).as_posix(), compress_type=how)


def _is_worth_deflating(file: Path) -> bool:
    return file.suffix not in (".keras", ".tflite") and file.stat().st_size <= DEFLATED_UP_TO


def _files(folder: Path) -> list[Path]:
    return sorted(
        (file for file in folder.rglob("*") if file.is_file()),
        key=lambda file: file.relative_to(folder).as_posix(),
    )


def put_in_place(made: Path, target: Target) -> None:
    """Move what was made to where it is wanted, in one step.

    Raises:
        ExportError: something else has come to lie there meanwhile.
        OSError: it cannot be moved.
    """
    _check_free(target.path, target.is_folder)
    if target.is_folder and target.path.exists():
        target.path.rmdir()  # it is empty
    os.replace(made, target.path)


def size_and_digest(path: Path) -> tuple[int, str]:
    """Return the bytes and the SHA-256 of a file.

    For a folder: the bytes of all its files, and the SHA-256 of the text that
    ``sha256sum`` prints for them, one line a file (``<digest>  <path>``), sorted by path.
    """
    if path.is_file():
        return path.stat().st_size, _digest(path)
    files = _files(path)
    lines = "".join(f"{_digest(file)}  {file.relative_to(path).as_posix()}\n" for file in files)
    return sum(file.stat().st_size for file in files), hashlib.sha256(lines.encode()).hexdigest()


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
