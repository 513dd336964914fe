"""The part of a loader script that reads a person's own examples: arrays, tables, pictures."""

from __future__ import annotations

from designer.exports.contents import Contents

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
    if not np.isfinite(values).all():
        stop(f"{path.name} holds numbers that are missing or infinite; fill them in first")
    return values
'''

_TABLE = '''\
COLUMNS = {columns!r}
"""The columns that go in, in order{how}."""


def read_table(path):
    """Return the rows of a .csv file: by the names of its columns, or, without them, in order."""
    import csv

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{{path.name}} cannot be read ({{error}}); a table in UTF-8 works")
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        stop(f"{{path.name}} is empty")
    mark = max(",;\\t", key=lines[0].count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark)]
    header = None if all(is_number(cell, mark) for cell in rows[0]) else rows.pop(0)
    if not rows:
        stop(f"{{path.name}} has no row below its header")
    if header is None and len(rows[0]) != SHAPE[0]:
        stop(f"{{path.name}} has {{len(rows[0])}} columns and no header; {{SHAPE[0]}} work")
    if header is not None and COLUMNS:
        lacks = [name for name in COLUMNS if source_of(name, header) is None]
        if lacks:
            lacking, there = ", ".join(lacks), ", ".join(header)
            stop(f"{{path.name}} lacks the column {{lacking}}; it has {{there}}")
    elif header is not None and len(header) != SHAPE[0]:
        stop(f"{{path.name}} has {{len(header)}} columns; {{SHAPE[0]}} work")
    return np.array([numbers(path, n, row, header, mark) for n, row in enumerate(rows, 1)])


def source_of(name, header):
    """Return the column a number comes from, and the value that makes it 1 (a category)."""
    if name in header:
        return name, None
    column, _, value = name.partition(" = ")
    return (column, value) if value and column in header else None


def numbers(path, row_number, row, header, mark):
    """Return the numbers of a row, in the order of COLUMNS."""
    wanted = SHAPE[0] if header is None else len(header)
    if len(row) != wanted:
        stop(f"{{path.name}}: row {{row_number}} has {{len(row)}} values; {{wanted}} work")
    if header is None or not COLUMNS:
        cells = list(zip(COLUMNS or [f"column {{n + 1}}" for n in range(len(row))], row))
        sources = [(name, cell, None) for name, cell in cells]
    else:
        found = [source_of(name, header) for name in COLUMNS]
        sources = [(column, row[header.index(column)], value) for column, value in found]
    values = []
    for column, cell, value in sources:
        if value is not None:
            values.append(float(cell == value))
        elif is_number(cell, mark):
            values.append(float(cell.replace(",", ".") if mark != "," else cell))
        else:
            stop(f"{{path.name}}: row {{row_number}}, column {{column}}: {{cell!r}} is no number")
    return values


def is_number(cell, mark):
    """Say whether a cell is a finite number; a decimal comma will do where it is not the mark."""
    try:
        return bool(np.isfinite(float(cell.replace(",", ".") if mark != "," else cell)))
    except ValueError:
        return False
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
    parts = [_ARRAY]
    if len(contents.raw_shape) == 1:
        columns = list(contents.notes.feature_names)
        how = (
            "; of a category, one a value: 1 where it has it" if any(map(_is_one, columns)) else ""
        )
        parts.append(_TABLE.format(columns=columns, how=how))
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


def _is_one(column: str) -> bool:
    return " = " in column
