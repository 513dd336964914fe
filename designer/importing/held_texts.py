"""The texts that HDF5 and ONNX files hold beside a model's weights, found without reading those.

No library opens the file: those that can are made for files one trusts. Both formats write how
long a text is in front of it, and it lies in one piece, so that no more is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from designer.design import FILE_FORMAT
from designer.importing.archive import CONFIG, DESIGN
from designer.importing.limits import LARGEST_JSON, MOST_TEXTS

HDF5 = b"\x89HDF\r\n\x1a\n"

_HEAP = b"GCOL"
_HEAD = 16  # bytes in front of a heap's texts, and of each of them
_PIECE = 4_194_304  # bytes that are looked through at a time
_BEGINNING = 200  # bytes of a text by which it is known

#: How Keras begins a model; its ``training_config`` begins otherwise.
_MODEL = re.compile(rb'\{\s*"(module|class_name)"')

#: A pair ``key: "design", value: …`` of ``ModelProto.metadata_props``.
_ONNX_DESIGN = b"\x0a\x06design\x12"


def in_hdf5(path: Path) -> dict[str, bytes]:
    """Return a design of ours and a model's configuration, as far as an HDF5 file has them.

    Those are what our own ``.weights.h5`` hold, and the ``model_config`` of every whole model that
    Keras saved as ``.h5``. Texts of any length lie in global heaps (HDF5 File Format
    Specification, III.E).

    Returns:
        ``design.json`` and ``config.json``, those that are there.

    Raises:
        OSError: the file cannot be read.
    """
    found: dict[str, bytes] = {}
    with path.open("rb") as file:
        for beginning, start, size in _texts(file):
            kind = _kind(beginning)
            if kind and kind not in found and size <= LARGEST_JSON:
                file.seek(start)
                found[kind] = file.read(size).rstrip(b"\0")
            if len(found) == 2:
                break
    return found


def in_onnx(path: Path) -> dict[str, bytes]:
    """Return the design that our ONNX files end with, as ``design.json``; nothing of others.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LARGEST_JSON))
        end = file.read(LARGEST_JSON)
    at = end.rfind(_ONNX_DESIGN)
    if at < 0:
        return {}
    size, start = _varint(end, at + len(_ONNX_DESIGN))
    text = end[start : start + size]
    return {DESIGN: text} if _kind(text) == DESIGN else {}


def _kind(text: bytes) -> str:
    if text.startswith(b"{") and FILE_FORMAT.encode() in text[:_BEGINNING]:
        return DESIGN
    return CONFIG if _MODEL.match(text) else ""


def _texts(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Yield how each text begins, where it stands, and its size in bytes."""
    seen = 0
    at = _find(file, 0)
    while at >= 0:
        file.seek(at)
        head = file.read(_HEAD)
        end = at + int.from_bytes(head[8:], "little")
        place = at + _HEAD
        while place + _HEAD <= end and seen < MOST_TEXTS:
            file.seek(place)
            read = file.read(_HEAD + _BEGINNING)
            size = int.from_bytes(read[8:_HEAD], "little")
            start = place + _HEAD
            if read[:2] in (b"", b"\0\0") or start + size > end:
                break  # what is free, or no heap
            yield read[_HEAD : _HEAD + min(size, _BEGINNING)], start, size
            seen += 1
            place = start + -(-size // 8) * 8
        at = _find(file, max(place, at + len(_HEAP)))


def _find(file: BinaryIO, start: int) -> int:
    """Return where the next heap begins; -1 if there is none."""
    file.seek(start)
    kept = b""
    while piece := file.read(_PIECE):
        text = kept + piece
        if (at := text.find(_HEAP)) >= 0:
            return start - len(kept) + at
        kept = text[1 - len(_HEAP) :]
        start += len(piece)
    return -1


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of Protocol Buffers, and where it ends."""
    number = 0
    for count, byte in enumerate(data[at : at + 10]):
        number |= (byte & 0x7F) << 7 * count
        if byte < 0x80:
            return number, at + count + 1
    return 0, at
