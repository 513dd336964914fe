"""Values as Python source. Everything that goes into source passes through here, so that no name
or text of a design can become more than a literal."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from designer.regularizers import L2


class Code(str):
    """Source that is there already: a variable or an expression of ours, not a value."""

    __slots__ = ()


def literal(value: Any) -> str:
    """Return a value as Python source, strings in double quotes.

    >>> literal((3, 3)), literal("same"), literal(Code("4 * filters"))
    ('(3, 3)', '"same"', '4 * filters')
    """
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, str):
        text = repr(str(value))
        return f'"{text[1:-1]}"' if text[0] == "'" and '"' not in text else text
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, float):
        return re.sub(r"e([+-])0(\d)$", r"e\1\2", repr(value))  # 1e-05 → 1e-5
    if value is None or isinstance(value, (bool, int)):
        return repr(value)
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, L2):
        return f"regularizers.L2({literal(value.factor)})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    raise TypeError(f"a layer's argument is a {type(value).__name__}; source has no literal for it")


def joined(*pieces: str) -> str | Code:
    """Return texts and variables put together: an f-string, or plain text if there is no variable.

    >>> joined(Code("name"), "_conv1"), joined("stem", "_conv"), joined(Code("name"))
    ('f"{name}_conv1"', 'stem_conv', 'name')
    """
    merged: list[str] = []
    for piece in pieces:
        if merged and not isinstance(piece, Code) and not isinstance(merged[-1], Code):
            merged[-1] += piece
        elif piece:
            merged.append(piece)
    if not any(isinstance(piece, Code) for piece in merged):
        return "".join(merged)
    if len(merged) == 1:
        return Code(merged[0])
    written = [f"{{{one}}}" if isinstance(one, Code) else _inside(one) for one in merged]
    return Code(f'f"{"".join(written)}"')


def _inside(text: str) -> str:
    """Write a text between the double quotes of an f-string."""
    escaped = repr(text + "'\"")[1:-4].replace("\\'", "'").replace('"', '\\"')
    return escaped.replace("{", "{{").replace("}", "}}")


def one_line(text: str) -> str:
    """Return a text for a comment: one line, nothing that a file or a terminal could trip over."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
