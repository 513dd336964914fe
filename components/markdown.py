"""Words of people in Markdown: shown as they are."""

from __future__ import annotations

_SIGNS = set("\\`*_{}[]()#+-.!|$~:<>^")


def plain_words(text: str) -> str:
    """Return a text whose signs mean nothing to Markdown."""
    return "".join(f"\\{char}" if char in _SIGNS else char for char in text)
