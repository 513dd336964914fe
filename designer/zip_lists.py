"""How long the list of a zip is, known before it is read: a hostile one would fill the memory."""

from __future__ import annotations

import struct
from typing import BinaryIO

_END, _END_SIZE = b"PK\x05\x06", 22
_LOCATOR, _LOCATOR_SIZE = b"PK\x06\x07", 20
_END64, _END64_SIZE = b"PK\x06\x06", 56
_LONGEST_COMMENT = 65_536


def list_size(file: BinaryIO) -> int | None:
    """Return the bytes of an archive's list, the most that any reader may believe; ``None`` if
    the archive has no end.

    The ends are looked for where ``zipfile`` looks for them, or what is judged here is not what
    is read there. The file stands at its beginning afterwards.
    """
    size = file.seek(0, 2)
    start = max(0, size - _END_SIZE - _LONGEST_COMMENT)
    tail = _read_at(file, start, size)
    place = len(tail) - _END_SIZE  # without a comment
    if place < 0 or not (tail.startswith(_END, place) and tail.endswith(b"\0\0")):
        place = tail.rfind(_END)
    found = None
    if 0 <= place <= len(tail) - _END_SIZE:
        found = max(_list_sizes(file, start + place))
    file.seek(0)
    return found


def _list_sizes(file: BinaryIO, end: int) -> list[int]:
    """Return the bytes of an archive's list, by each of the records that a reader may believe."""
    sizes: list[int] = list(struct.unpack("<I", _read_at(file, end + 12, 4)))
    locator = _read_at(file, end - _LOCATOR_SIZE, _LOCATOR_SIZE)
    if not locator.startswith(_LOCATOR):
        return sizes
    # A zip64 has another end with its own sizes. Python up to 3.11 takes the one right before the
    # locator, wherever the locator points to; others go where it points to.
    before = end - _LOCATOR_SIZE - _END64_SIZE
    for number, place in enumerate((before, *struct.unpack("<Q", locator[8:16]))):
        record = _read_at(file, place, _END64_SIZE)
        if record.startswith(_END64) and len(record) == _END64_SIZE:
            if number == 0:
                sizes.clear()  # this one is read instead
            sizes += struct.unpack("<Q", record[40:48])
    return sizes


def _read_at(file: BinaryIO, place: int, count: int) -> bytes:
    """Return the bytes at a place; none if there is no such place."""
    if not 0 <= place <= file.seek(0, 2):
        return b""
    file.seek(place)
    return file.read(count)
