"""The checksums of a package: written as ``sha256sum -c`` reads them, and read again."""

from __future__ import annotations

import re
from pathlib import Path

from designer.errors import PackageError
from designer.exports.placing import size_and_digest

CHECKSUMS_FILE = "SHA256SUMS"

_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def write_checksums(folder: Path) -> None:
    """Write the checksums of every file of a folder into it.

    Raises:
        OSError: it cannot be written.
    """
    paths = sorted(
        file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
    )
    lines = [
        f"{size_and_digest(folder / path)[1]}  {path}\n" for path in paths if path != CHECKSUMS_FILE
    ]
    (folder / CHECKSUMS_FILE).write_text("".join(lines), encoding="utf-8")


def read_checksums(text: str) -> dict[str, str]:
    """Return the digest of each file by its path.

    Raises:
        PackageError: a line is none of checksums, or a path leads elsewhere.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise PackageError(f"{CHECKSUMS_FILE}: line {number} is no checksum.")
        digest, path = match.groups()
        parts = path.split("/")
        if path.startswith("/") or "\\" in path or ".." in parts or "" in parts:
            raise PackageError(f"{CHECKSUMS_FILE}: line {number} names a place outside: {path!r}.")
        found[path] = digest
    return found
