"""Where it goes: bars whose pieces are the network's parts, as wide as their share of a cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from components.assets import register
from designer.places import Place, ancestors
from designer.shares import Piece, write_amount
from designer.shares import shares as shares_of
from designer.summary import Summary

_mount = register("shares")


def shares(
    summary: Summary,
    *,
    selected: Place | None,
    on_select: Callable[[str], None],
    key: str = "shares",
) -> None:
    """Show who holds the parameters, the multiply-adds and the memory of the activations.

    Args:
        on_select: called with the key of the part a person clicks.
    """
    _mount(
        data=shares_data(summary, selected),
        key=key,
        on_select_change=lambda: on_select(st.session_state[key].get("select") or ""),
    )


def shares_data(summary: Summary, selected: Place | None) -> dict[str, Any]:
    """Return the bars, section by section.

    A piece is a short list, because there may be hundreds while a slider is dragged: key, label,
    title, share, role, step of its shade, and 1 if it stands for several small parts.
    """
    around = ancestors(summary.sections, selected.key) if selected else ()
    return {
        "selected": [place.key for place in around],
        "rows": [
            {
                "name": row.name,
                "label": row.label,
                "sentence": row.sentence,
                "sections": [
                    [_piece(row.name, section), [_piece(row.name, one) for one in section.inside]]
                    for section in row.sections
                ],
            }
            for row in shares_of(summary)
        ],
    }


def _piece(cost: str, piece: Piece) -> list[Any]:
    share = f"{piece.share:.1%}" if piece.share < 0.0995 else f"{piece.share:.0%}"
    return [
        piece.key,
        f"{piece.label} {share}",
        f"{piece.title}: {write_amount(cost, piece.amount)}, {share}",
        round(piece.share, 5),
        piece.role,
        min(piece.number, 6),
        int(piece.together > 0),
    ]
