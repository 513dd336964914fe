"""Whether a file is an export of ours, which may be written over: it holds, or shows, a design."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

from designer.design import FILE_FORMAT

_LARGEST_DESIGN = 10_000_000  # bytes
_CODE_BEGINS = re.compile(r"# [^\n]*\bin Keras,(\s#)* \w+ style")


def is_ours(path: Path) -> bool:
    """Return whether we wrote a file.

    Raises:
        OSError: it cannot be read.
    """
    kind = path.suffix.lower()
    try:
        if kind == ".h5":
            return _holds_design(_text_in_h5(path))
        if kind == ".onnx":
            return FILE_FORMAT.encode() in _end_of(path)
        if kind == ".json":
            return _holds_design(_start_of(path, _LARGEST_DESIGN))
        if kind == ".ipynb":
            return FILE_FORMAT in _start_of(path, _LARGEST_DESIGN)
        if kind == ".py":
            return _CODE_BEGINS.match(_start_of(path, 1000)) is not None
        if kind == ".svg":
            return "<desc>Architecture of " in _start_of(path, 10_000)
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("design.json").file_size > _LARGEST_DESIGN:
                return False
            return _holds_design(archive.read("design.json").decode())
    except (zipfile.BadZipFile, KeyError, ValueError, RecursionError, NotImplementedError):
        return False


def _holds_design(text: str) -> bool:
    held = json.loads(text)
    return isinstance(held, dict) and held.get("format") == FILE_FORMAT


def _start_of(path: Path, count: int) -> str:
    with path.open("rb") as file:
        return file.read(count).decode(errors="replace")


def _end_of(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LARGEST_DESIGN))
        return file.read()


def _text_in_h5(path: Path) -> str:
    import h5py

    try:
        with h5py.File(path) as file:
            return str(file["design.json"].asstr()[()])
    except (OSError, AttributeError, TypeError) as error:  # not HDF5, or another's
        raise ValueError(str(error)) from None
