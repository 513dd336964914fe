"""What the pieces of the comparison write alike: letters in their colours, names as plain text."""

from __future__ import annotations

import re

#: Streamlit's names for the colours of A to D: told apart by every eye, and named by a letter.
COLOURS = ("blue", "orange", "green", "violet")

#: The same colours where a chart needs numbers; readable on light and dark.
HEX = ("#2a6cc4", "#b85c00", "#147d49", "#7c4ddb")


def badge(place: int) -> str:
    """Return the letter of a place as Markdown, in its colour."""
    return f":{COLOURS[place]}-badge[**{'ABCD'[place]}**]"


def plain_text(text: str) -> str:
    """Return text that a person or a link gave so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])", r"\\\1", text)


def shape(sizes: tuple[int, ...]) -> str:
    """Write the sizes of an input."""
    return " × ".join(f"{size:,}" for size in sizes)
