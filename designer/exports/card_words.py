"""Words of people and of data in Markdown: they stay one line, and their signs mean nothing."""

from __future__ import annotations

import re
from typing import Any

#: What begins something in the middle of a line; an underscore between letters does not.
_SIGNS = re.compile(r"[\\`*\[\]<|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")


def plain(value: Any) -> str:
    """Return a text as Markdown that shows it as it is, in one line or one cell of a table.

    >>> plain("a | b"), plain("<img>"), plain("body_fat (cm)")
    ('a \\\\| b', '\\\\<img>', 'body_fat (cm)')
    """
    return _SIGNS.sub(r"\\\g<0>", " ".join(str(value).split()))


def sentence(value: Any) -> str:
    """Return :func:`plain` without the full stop at its end, for more to follow."""
    return plain(value).rstrip(".")


def code(value: Any) -> str:
    """Return a name as Markdown that shows it as code, in a line but not in a table.

    >>> code("width"), code("a`b")
    ('`width`', '`` a`b ``')
    """
    text = " ".join(str(value).split())
    runs = [len(run) for run in re.findall("`+", text)]
    if not runs:
        return f"`{text}`"
    fence = "`" * next(n for n in range(1, len(runs) + 2) if n not in runs)
    return f"{fence} {text} {fence}"


def literal(value: Any) -> str:
    """Return a value as Python in which no backtick stands, so that it ends no block of code."""
    return repr(value).replace("`", "\\x60")
