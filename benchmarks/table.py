"""The table of figures, for a terminal and for ``RESULTS.md``."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from benchmarks.figures import Figure

HEADINGS = ("Figure", "Ours", "Other side", "Ratio", "Wanted", "Reached?")


def write_number(value: float) -> str:
    """Write a number with three digits that say something."""
    if value != value or abs(value) == float("inf"):
        return str(value)
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def row(figure: Figure) -> tuple[str, ...]:
    """Return the cells of a figure's line."""
    other = write_number(statistics.median(figure.other))
    return (
        figure.name,
        f"{write_number(statistics.median(figure.ours))} {figure.unit}",
        f"{other} {figure.unit} ({figure.other_name})",
        ("other / ours: " if figure.turned else "ours / other: ") + write_number(figure.ratio),
        str(figure.wanted),
        "yes" if figure.is_reached else "NO",
    )


def text_table(figures: Sequence[Figure]) -> str:
    """Return the table for a terminal."""
    rows = [HEADINGS, *map(row, figures)]
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def markdown(figures: Sequence[Figure], surroundings: Mapping[str, str]) -> str:
    """Return the page ``RESULTS.md``: where and when, the table, and how each was measured.

    Args:
        figures: in the order of the table.
        surroundings: what the figures depend on, such as versions, by name.
    """
    lines = [
        "# Figures",
        "",
        "Made by `make bench`. Both sides of a ratio were measured in one run on one machine, in"
        " turns; each number is the median of its repetitions.",
        "",
        *(f"- {name}: {value}" for name, value in surroundings.items()),
        "",
        "| " + " | ".join(HEADINGS) + " |",
        "|---|--:|--:|--:|--:|:-:|",
        *("| " + " | ".join(row(figure)) + " |" for figure in figures),
        "",
        "## How each was measured",
        "",
    ]
    lines += [f"- **{figure.name}**: {figure.method} {_spread(figure)}" for figure in figures]
    return "\n".join(lines) + "\n"


def _spread(figure: Figure) -> str:
    def one(values: Sequence[float]) -> str:
        low, high = write_number(min(values)), write_number(max(values))
        return f"{low} {figure.unit}" if low == high else f"{low}–{high} {figure.unit}"

    times = len(figure.ours)
    return (
        f"Repetitions: {times}; ours {one(figure.ours)}, {figure.other_name} {one(figure.other)}."
    )
