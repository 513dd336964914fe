"""One picture: opened, judged by its head, brought to a size (Pillow, imported when needed)."""

from __future__ import annotations

import base64
import io
import struct
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from designer.datasets.own.archives import DAMAGE

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
"""Those that Pillow reads by itself, without another program."""

SHOWN_SIDE = 72

BROKEN = (
    *DAMAGE, SyntaxError, ArithmeticError, LookupError, AttributeError, TypeError, MemoryError,
    struct.error,
)  # fmt: skip
"""What Pillow, zlib and zipfile raise at damaged files; nothing else happens while one is read."""


def opened_picture(file: Any) -> Image.Image:
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its size is judged by us
        Image.MAX_IMAGE_PIXELS = None
        return Image.open(file, formats=FORMATS)


def is_colour(picture: Image.Image) -> bool:
    if picture.mode == "P":
        palette = np.asarray(picture.getpalette() or [0, 0, 0], np.uint8)
        palette = palette[: len(palette) // 3 * 3].reshape(-1, 3)
        return bool((palette[:, :1] != palette).any())
    return picture.mode not in ("1", "L", "LA", "La", "I", "F") and not picture.mode.startswith(
        "I;"
    )


def pixels_of(picture: Image.Image, size: tuple[int, int], channels: int) -> np.ndarray:
    """Return a picture upright, at a size, in grey or colour: uint8 (height, width, channels)."""
    from PIL import Image, ImageOps

    height, width = size
    # A JPEG is unpacked at a half, a quarter or an eighth where that will do.
    picture.draft("RGB" if channels == 3 else "L", (2 * width, 2 * height))
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.asarray(picture, np.float64)
        deep = picture.mode != "F" and values.max(initial=0) > 255
        scaled = values / 257 if deep else values  # 16 bits to 8
        picture = Image.fromarray(np.clip(np.nan_to_num(scaled), 0, 255).astype(np.uint8))
    elif picture.mode in ("P", "PA", "RGBA", "LA", "La", "RGBa") or "transparency" in picture.info:
        layers = picture.convert("RGBA")
        ground = Image.new("RGBA", layers.size, "white")  # what is behind a transparent picture
        picture = Image.alpha_composite(ground, layers)
    picture = picture.convert("RGB" if channels == 3 else "L")
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(picture, np.uint8).reshape(height, width, channels)


def read_to_its_end(picture: Image.Image) -> None:
    """Unpack a picture and forget it.

    Raises:
        one of ``BROKEN``: it is cut short or damaged.
    """
    picture.draft("L", (1, 1))  # a JPEG is read to its end all the same, eight times quicker
    picture.load()


def thumbnail(picture: Image.Image) -> str:
    """Return a small copy as PNG in base 64."""
    colour = is_colour(picture)
    width, height = picture.size
    part = min(1.0, SHOWN_SIDE / max(width, height))
    size = (max(1, round(height * part)), max(1, round(width * part)))
    from PIL import Image

    pixels = pixels_of(picture, size, 3 if colour else 1)
    stream = io.BytesIO()
    Image.fromarray(pixels if colour else pixels[..., 0]).save(stream, format="PNG")
    return base64.b64encode(stream.getvalue()).decode()
