"""Weights, feature maps and heat as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from components.data_view import picture_html

if TYPE_CHECKING:
    import plotly.graph_objects as go

_ORANGE, _BLUE, _WHITE = np.array([217, 72, 15]), np.array([46, 84, 214]), np.array([250, 250, 250])

#: Colours of heat, from none to most.
_HEAT = np.array([[13, 8, 135], [126, 3, 168], [204, 71, 120], [248, 149, 64], [240, 249, 33]])


def diverging(values: np.ndarray) -> list[np.ndarray]:
    """Return weights as pictures, one scale for all: orange above 0, blue below, white at 0.

    Args:
        values: (filters, height, width), or (…, 3) where the three are red, green and blue:
            then in colours, grey at 0.
    """
    most = max(float(np.abs(values).max()), 1e-12)
    share = values / most
    if values.ndim == 4:
        return list(np.round(127.5 + 127.5 * share).astype(np.uint8))
    amount = np.abs(share)[..., np.newaxis]
    colour = np.where(share[..., np.newaxis] > 0, _ORANGE, _BLUE)
    return list(np.round(_WHITE + (colour - _WHITE) * amount).astype(np.uint8))


def heat_colours(heat: np.ndarray) -> np.ndarray:
    """Return heat from 0 to 1 as colours, uint8 (height, width, 3)."""
    place = np.clip(heat, 0, 1) * (len(_HEAT) - 1)
    mixed = [np.interp(place, np.arange(len(_HEAT)), _HEAT[:, c]) for c in range(3)]
    return np.stack(mixed, axis=-1).round().astype(np.uint8)


def heat_over(picture: np.ndarray, heat: np.ndarray) -> np.ndarray:
    """Return a picture with heat from 0 to 1 over it, uint8 (height, width, 3)."""
    coloured = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    mix = 0.25 + 0.4 * heat[..., np.newaxis]
    return np.round(coloured * (1 - mix) + heat_colours(heat) * mix).astype(np.uint8)


def tiles_html(pictures: Sequence[np.ndarray], labels: Sequence[str], *, side: int = 58) -> str:
    """Return pictures in rows, as HTML."""
    tiles = [
        picture_html(picture, label, side=side)
        for picture, label in zip(pictures, labels, strict=True)
    ]
    return f'<div style="display:flex;flex-wrap:wrap;gap:8px">{"".join(tiles)}</div>'


def values_figure(
    values: np.ndarray, names: Sequence[str] | None = None, *, lying: bool = False
) -> go.Figure:
    """Return numbers as bars, upright or lying, with their names where they have some."""
    import plotly.graph_objects as go

    labels = list(names) if names is not None else list(range(1, len(values) + 1))
    colours = ["#4c6ef5" if value >= 0 else "#e8590c" for value in values]
    made = go.Figure()
    if lying:
        made.add_bar(x=values, y=labels, orientation="h", marker={"color": colours})
    else:
        made.add_bar(x=labels, y=values, marker={"color": colours})
    if names is not None:
        made.update_layout(**{"yaxis" if lying else "xaxis": {"type": "category"}})
    made.update_layout(
        height=max(240, 60 + 26 * len(values)) if lying else 300,
        margin={"l": 8, "r": 8, "t": 16, "b": 8},
    )
    return made
