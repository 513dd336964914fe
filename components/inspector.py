"""The inspector: what is selected, what it does and why it is here, where its numbers come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import streamlit as st

from components.assets import register
from designer.inspecting import inspect
from designer.places import Place
from designer.summary import Summary

_mount = register("inspector", uses=("copying",))


def inspector(
    summary: Summary,
    place: Place | None,
    *,
    on_select: Callable[[str], None],
    key: str = "inspector",
) -> None:
    """Show all there is to say of a place, or (``None``) of the network.

    Args:
        on_select: called with the key of another place that a person wants to see, and with an
            empty one for the network as a whole.
    """
    _mount(
        data=inspector_data(summary, place),
        key=key,
        on_select_change=lambda: on_select(st.session_state[key].get("select") or ""),
    )


def inspector_data(summary: Summary, place: Place | None) -> dict[str, Any]:
    """Return what the inspector shows."""
    data = asdict(inspect(summary, place))
    data["step"] = min(data.pop("number"), 6)
    for figure in data["figures"]:
        share = figure["share"]
        figure["share_text"] = "" if share is None else write_share(share)
    return data


def write_share(share: float) -> str:
    """Write a share of the network's total.

    >>> write_share(0.7428), write_share(0.0031), write_share(0)
    ('74%', '0.3%', '0%')
    """
    if 0 < share < 0.0005:
        return "under 0.1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{share:.1%}" if 0 < share < 0.0995 else f"{share:.0%}"
