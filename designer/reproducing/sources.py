"""The files of a package, in its zip or unpacked: read with bounds, never written, never led out
of the package by a path or a link."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from designer.datasets.own.archives import DAMAGE, contents, opened
from designer.errors import DatasetError, PackageError

_PIECE = 2**20


class Source(Protocol):
    """The files of a package by their paths in it."""

    name: str

    def has(self, path: str) -> bool:
        """Say whether there is such a file."""

    def read(self, path: str, most: int) -> bytes:
        """Return a file of at most so many bytes.

        Raises:
            PackageError: it is larger, or cannot be read.
        """

    def digest(self, path: str) -> str:
        """Return the SHA-256 of a file.

        Raises:
            PackageError: it cannot be read.
        """


@contextmanager
def source_of(path: Path, landmark: str) -> Iterator[Source]:
    """Open a package, a zip or a folder.

    Args:
        path: where it is.
        landmark: a file that lies in the package's own folder; a zip may hold that folder.

    Raises:
        PackageError: there is none, or it is damaged or made to do harm.
    """
    if path.is_dir():
        yield _Folder(path)
        return
    if not path.is_file():
        raise PackageError(f"There is no package at {path}: name a .zip, or its unpacked folder.")
    try:
        with opened(path) as archive:
            yield _Zip(path.name, archive, landmark)
    except DatasetError as error:  # what archives say of themselves
        raise PackageError(f"{path.name}: {error}") from None


class _Zip:
    def __init__(self, name: str, archive: zipfile.ZipFile, landmark: str):
        self.name = name
        self._archive = archive
        found = contents(archive)
        if found.problems:
            told = "; ".join(problem.in_words() for problem in found.problems)
            raise PackageError(f"{name} is refused: {told}.")
        self._files = {entry.filename: entry for entry in found.files}
        inside = [file for file in self._files if file.partition("/")[2] == landmark]
        self._before = ""
        if landmark not in self._files and len(inside) == 1:  # packed again with its folder
            self._before = inside[0].removesuffix(landmark)

    def has(self, path: str) -> bool:
        return self._before + path in self._files

    def read(self, path: str, most: int) -> bytes:
        entry = self._files[self._before + path]
        _check_size(self.name, path, entry.file_size, most)
        with self._open(path) as file:
            return _whole(self.name, path, file, most)

    def digest(self, path: str) -> str:
        with self._open(path) as file:
            return _digest(self.name, path, file)

    @contextmanager
    def _open(self, path: str) -> Iterator[BinaryIO]:
        try:
            file = self._archive.open(self._files[self._before + path])
        except DAMAGE as error:
            raise _damaged(self.name, path, error) from None
        with file:
            yield file  # type: ignore[misc]


class _Folder:
    def __init__(self, folder: Path):
        self.name = folder.resolve().name
        self._folder = folder.resolve()

    def has(self, path: str) -> bool:
        return self._inside(path).is_file()

    def read(self, path: str, most: int) -> bytes:
        with self._open(path) as file:
            return _whole(self.name, path, file, most)

    def digest(self, path: str) -> str:
        with self._open(path) as file:
            return _digest(self.name, path, file)

    def _inside(self, path: str) -> Path:
        found = (self._folder / path).resolve()
        if not found.is_relative_to(self._folder):
            raise PackageError(f"{self.name}: {path} leads out of the package. It is refused.")
        return found

    @contextmanager
    def _open(self, path: str) -> Iterator[BinaryIO]:
        try:
            file = self._inside(path).open("rb")
        except OSError as error:
            raise _damaged(self.name, path, error) from None
        with file:
            yield file


def _whole(name: str, path: str, file: BinaryIO, most: int) -> bytes:
    try:
        data = file.read(most + 1)
    except DAMAGE as error:
        raise _damaged(name, path, error) from None
    _check_size(name, path, len(data), most)
    return data


def _digest(name: str, path: str, file: BinaryIO) -> str:
    digest = hashlib.sha256()
    try:
        while piece := file.read(_PIECE):
            digest.update(piece)
    except DAMAGE as error:
        raise _damaged(name, path, error) from None
    return digest.hexdigest()


def _check_size(name: str, path: str, size: int, most: int) -> None:
    if size > most:
        raise PackageError(
            f"{name}: {path} is larger than the {most // 10**6} MB that are read of such a file."
        )


def _damaged(name: str, path: str, error: BaseException) -> PackageError:
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return PackageError(f"{name}: {path} cannot be read ({reason}). Take the package anew.")
