"""Archives, pictures and arrays, made to be good or hostile."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np
from PIL import Image

OWNER = "0" * 64


def picture(
    colour: object = 128, size: tuple[int, int] = (12, 8), mode: str = "RGB", form: str = "PNG"
) -> bytes:
    """Return a picture of one colour; size is (width, height)."""
    stream = io.BytesIO()
    Image.new(mode, size, colour).save(stream, form)  # type: ignore[arg-type]
    return stream.getvalue()


def packed(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def two_classes(more: Mapping[str, bytes] | None = None, count: int = 4) -> bytes:
    """Return an archive of red and blue pictures, and more."""
    files = {f"red/{n}.png": picture((250, 0, 0)) for n in range(count)}
    files |= {f"blue/{n}.png": picture((0, 0, 250)) for n in range(count)}
    return packed(files | dict(more or {}))


def huge_in_its_head(width: int = 100_000, height: int = 100_000) -> bytes:
    """Return a PNG of a few bytes that says it is of ten thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def arrays(**named: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=True, **named)
    return stream.getvalue()
