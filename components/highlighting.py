"""Python source as coloured pieces, a line at a time: most lines stay as they were, so each is
looked at once."""

from __future__ import annotations

from functools import lru_cache

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType

#: A piece of a line: what it is (``""`` for plain) and its text.
Piece = tuple[str, str]

_KINDS = (
    (Comment, "comment"),
    (String.Interpol, "inserted"),
    (String, "string"),
    (Number, "number"),
    (Keyword, "keyword"),
)

_lexer = PythonLexer(stripnl=False, ensurenl=False)


def highlighted(source: str) -> list[tuple[Piece, ...]]:
    """Return the pieces of every line. Strings of our source never span lines."""
    return [highlighted_line(line) for line in source.splitlines()]


@lru_cache(maxsize=20_000)
def highlighted_line(line: str) -> tuple[Piece, ...]:
    """Return the pieces of one line; put together, they are the line."""
    tokens = [(kind, text) for kind, text in _lexer.get_tokens(line) if text]
    pieces: list[list[str]] = []
    for place, (kind, text) in enumerate(tokens):
        after = tokens[place + 1][1] if place + 1 < len(tokens) else ""
        name = _kind(kind, after)
        if pieces and pieces[-1][0] == name:
            pieces[-1][1] += text
        else:
            pieces.append([name, text])
    return tuple((name, text) for name, text in pieces)


def _kind(kind: _TokenType, after: str) -> str:
    for known, name in _KINDS:
        if kind in known:
            return name
    if kind in Name and after.startswith("("):
        return "call"
    return ""
