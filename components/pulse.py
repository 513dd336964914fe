"""Draws a part of a page again until what it waits for is there."""

from __future__ import annotations

import streamlit as st

from components.assets import register

_mount = register("pulse", uses=("leaving", "going", "turns"))


def pulse(*, every: float, key: str) -> None:
    """Run the fragment that this stands in again, every so many seconds, as long as it is there.

    Unlike ``st.fragment(run_every=…)`` it ends by being left out: nothing but the fragment runs,
    so that what a person does elsewhere on the page is neither interrupted nor drawn anew. And it
    begins once the fragment is on the page: a timer of Streamlit's may ask before that, where the
    page comes slowly, and what is new of the fragment is then sent behind what stands below it,
    which leaves a blank page ("Bad delta path index").
    """
    with st.container(key=f"pulse_{key}"):
        _mount(data={"milliseconds": round(1000 * every)}, key=key, on_beat_change=_nothing)


def _nothing() -> None:
    """The fragment's run that follows looks itself."""
