"""The part of a loader script that reads a person's own examples: arrays, tables, pictures."""

from __future__ import annotations

from designer.exports.contents import Contents
from designer.exports.loader_tables import table_code

_FILLS = '''\
FILLS = {fills}
"""Whether a number that is missing (nan) becomes its column's mean in training."""
'''

_ARRAY = '''\
def read_array(path):
    """Return the examples of an .npy file."""
    try:
        values = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        stop(f"{path.name} cannot be read ({error}); an array saved by numpy.save works")
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "buif":
        stop(f"{path.name} is no array of numbers; save one by numpy.save")
    if values.shape == SHAPE:
        values = values[np.newaxis]
    if values.shape[1:] != SHAPE or not len(values):
        wanted = ", ".join(map(str, SHAPE))
        stop(f"{path.name} has the shape {values.shape}; (n, {wanted}) works")
    if np.isinf(values).any():
        stop(f"{path.name} holds infinite numbers")
    if not FILLS and np.isnan(values).any():
        stop(f"{path.name} has missing values; training learned nothing to put in their place")
    return values
'''

_PICTURE = '''\
def read_picture(path):
    """Return a picture as one example: upright, in its colours or in grey, at its size."""
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError:
        stop("Pillow is missing. Install it: python -m pip install -r requirements.txt")
    height, width, channels = SHAPE
    try:
        picture = ImageOps.exif_transpose(Image.open(path))
        if picture.mode in ("P", "PA", "LA", "RGBA") or "transparency" in picture.info:
            layers = picture.convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", layers.size, "white"), layers)
        picture = picture.convert("RGB" if channels == 3 else "L")
    except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError) as error:
        stop(f"{{path.name}} is no picture that can be read ({{error}})")
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.BILINEAR)
    return {scaled}.reshape(1, *SHAPE)
'''

_READ = '''\
def read(path):
    """Return the examples in a file: (n, *SHAPE)."""
    if not path.exists():
        stop(f"there is no file {{path}}")
    if path.is_dir():
        stop(f"{{path}} is a folder; name the files in it")
    if path.suffix.lower() == ".npy":
        return read_array(path)
{more}'''


def reading_code(contents: Contents) -> str:
    """Return lines that define ``read(path)``: a file's examples as they come, (n, *SHAPE).

    They expect ``np``, ``SHAPE`` and ``stop`` before them.
    """
    preprocessing = contents.notes.preprocessing
    fills = preprocessing is not None and preprocessing.fill is not None
    parts = [_FILLS.format(fills=fills) + "\n\n" + _ARRAY]
    if len(contents.raw_shape) == 1:
        parts.append(table_code(contents.notes))
        more = (
            '    if path.suffix.lower() in (".csv", ".tsv", ".txt"):\n'
            "        return read_table(path)\n"
            '    stop(f"{path.name}: files that end in .npy or .csv work")\n'
        )
    elif contents.takes_pictures:
        low, high = contents.pixel_range
        scaled = "np.asarray(picture)"
        if (low, high) != (0, 255):
            scaled = f"({scaled} * {(high - low) / 255!r} + {low:g})"
        parts.append(_PICTURE.format(scaled=scaled))
        more = "    return read_picture(path)\n"
    else:
        more = '    stop(f"{path.name}: files that end in .npy work")\n'
    parts.append(_READ.replace("{{", "{").replace("}}", "}").replace("{more}", more))
    return "\n\n\n".join(part.rstrip("\n") for part in parts)
