"""The link that restores a design or a comparison, for the menus called Share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from components.assets import register
from designer import links

_mount = register("share", uses=("copying", "leaving"))

_WARNING = (
    "It is so long that it may be cut on its way: save the design as a file instead"
    " (File, Save the design)."
)


def share(
    words: str, *, query: Mapping[str, str] | None = None, without: Iterable[str] = (), key: str
) -> None:
    """Show a link, with a button that copies it and a warning when it is too long to be safe.

    Args:
        words: what the link opens.
        query: what the link holds; by default what the page's address holds when it is looked
            at, so that it follows controls which do not draw this anew.
        without: names in the page's address that the link leaves out.
    """
    _mount(data=share_data(words, query=query, without=without), key=key)


def share_data(
    words: str, *, query: Mapping[str, str] | None = None, without: Iterable[str] = ()
) -> dict[str, Any]:
    """Return what the link's script needs."""
    return {
        "words": words,
        "query": None if query is None else urlencode(query),
        "without": sorted(without),
        "longest": links.LONGEST,
        "warning": _WARNING,
    }
