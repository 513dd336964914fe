"""A slider for each feature of a table, over the range it has in the data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from components.assets import register
from designer.datasets.gaps import known_values

_mount = register("feature_sliders", uses=("leaving",))


@dataclass(frozen=True)
class Feature:
    """One feature: its name, its range, its usual value, and the step of its slider."""

    name: str
    low: float
    high: float
    usual: float
    step: float


def features_of(names: Sequence[str], rows: np.ndarray) -> list[Feature]:
    """Return the features of examples (n, features): their range, median, and a fine step, of
    the values that are there."""
    found = []
    columns = map(known_values, np.asarray(rows, np.float64).T)
    for name, column in zip(names, columns, strict=True):
        low, high, usual = float(column.min()), float(column.max()), float(np.median(column))
        if (column == np.round(column)).all():
            step = 1.0
            usual = float(round(usual))
        else:
            step = 10.0 ** math.floor(math.log10((high - low) / 100)) if high > low else 1.0
        found.append(Feature(name, low, high, usual, step))
    return found


def feature_sliders(
    features: Sequence[Feature], start: Sequence[float], *, key: str
) -> list[float]:
    """Show the sliders and return where they stand.

    Args:
        features: what they are for.
        start: where they stand until a person moves them; another start moves them there.
        key: of the component.
    """
    start = [float(value) for value in start]
    state = st.session_state.get(key)
    sent = state.get("values") if isinstance(state, Mapping) else None
    data = {
        "features": [vars(feature) for feature in features],
        "start": start,
    }
    _mount(data=data, key=key, on_values_change=_nothing)
    return values_of(sent, features, start)


def _nothing() -> None:
    """The run that follows asks the model."""


def values_of(sent: Any, features: Sequence[Feature], start: list[float]) -> list[float]:
    """Return what the page sent (``start``, ``values``), if it is about these sliders."""
    if not isinstance(sent, Mapping) or sent.get("start") != start:
        return start
    values = sent.get("values")
    if not isinstance(values, list) or len(values) != len(features):
        return start
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in values):
        return start
    return [float(value) for value in values]
