"""Receptive fields against tf.keras: which output numbers a change of some pixels reaches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lazily import Lazily
from random_designs import choices

from designer import Design
from designer.receptive_field import receptive_fields
from designer.summary import outline
from designer.templates import template, templates

keras = Lazily("keras")
keras_model = Lazily("designer.keras_model")

pytestmark = pytest.mark.keras

#: Templates with groups of convolutions; of the deep ones, ResNet50 speaks for its family.
OF_PICTURES = [
    name
    for name in templates()
    if any(parameter.name == "groups" for parameter in template(name).parameters)
    and name not in {"vgg19", "resnet101", "resnet152"}
]


def reached(design: Design, names: list[str]) -> dict[str, np.ndarray]:
    """Return, by layer, which rows of its output a change of each row of the input reaches.

    All weights are positive and no layer bends anything, so that on a black picture every
    output is zero, and each change that can reach an output number does.

    Returns:
        arrays of booleans, (rows of the input, rows of the output).
    """
    model = keras_model.build_model(design)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            continue  # as built, it passes on what comes (divided by nearly one)
        layer.set_weights(
            [
                np.full(one.shape, 1 / np.prod(one.shape[:-1])) if len(one.shape) > 1 else one * 0
                for one in layer.get_weights()
            ]
        )
    inspected = keras.Model(model.inputs, [model.get_layer(name).output for name in names])
    height = model.input_shape[1]
    pictures = np.zeros((height, *model.input_shape[1:]), "float32")
    pictures[np.arange(height), np.arange(height)] = 1
    outputs = inspected([pictures], training=False)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    return {
        name: np.asarray(output).any(axis=(2, 3))
        for name, output in zip(names, outputs, strict=True)
    }


def hold_against_keras(design: Design) -> None:
    summary = outline(design)
    fields = receptive_fields(summary.layers)
    windows = {name: field.sides[0] for name, field in fields.items() if field and field.sides}
    found = reached(design, list(windows))
    inside = 0
    for name, window in windows.items():
        rows, places = found[name].shape
        for place in range(places):
            seen = np.flatnonzero(found[name][:, place])
            first, last = window.first + place * window.step, window.last + place * window.step
            if first >= 0 and last < rows:
                assert (seen.min(), seen.max()) == (first, last), (name, place)
                inside += 1
            elif seen.size:  # the window reaches over the edge
                assert seen.min() >= max(0, first), (name, place)
                assert seen.max() <= min(rows - 1, last), (name, place)
    assert inside >= len(windows) or min(fields["inputs"].picture) < 8


@pytest.mark.parametrize("name", OF_PICTURES)
@settings(max_examples=12)
@given(data=st.data())
def test_a_window_is_what_a_change_of_pixels_reaches(name: str, data: Any) -> None:
    drawn = data.draw(choices(name, small=True))
    drawn |= {"activation": "linear", "input_shape": [33, 33, 1]}
    design = Design.from_template(name, **drawn)
    if outline(design).fault is None:
        hold_against_keras(design)
