"""The table of Keras's arguments and defaults, held against Keras."""

from __future__ import annotations

import inspect

import pytest
from lazily import Lazily

from designer.code.arguments import WRITINGS, written_arguments

keras = Lazily("keras")


@pytest.mark.keras
@pytest.mark.parametrize("class_name", WRITINGS)
def test_keras_has_these_arguments_and_defaults(class_name: str) -> None:
    how = WRITINGS[class_name]
    signature = inspect.signature(getattr(keras.layers, class_name).__init__)
    parameters = list(signature.parameters.values())[1:]
    assert tuple(parameter.name for parameter in parameters)[: len(how.first)] == how.first
    for name, value in how.defaults.items():
        assert name in signature.parameters or class_name == "Concatenate", name
        if name in signature.parameters:
            assert signature.parameters[name].default == value, name


def test_defaults_are_left_out_and_the_first_have_no_keyword() -> None:
    config = {"filters": 8, "kernel_size": (3, 3), "strides": (1, 1), "padding": "same"}
    assert written_arguments("Conv2D", config) == [("", 8), ("", (3, 3)), ("padding", "same")]


def test_a_pooling_moves_by_its_own_size() -> None:
    config = {"pool_size": (2, 2), "strides": (2, 2), "padding": "valid"}
    assert written_arguments("MaxPooling2D", config) == [("", (2, 2))]
    config["strides"] = (1, 1)
    assert ("strides", (1, 1)) in written_arguments("MaxPooling2D", config)


def test_a_class_nobody_told_us_of_is_written_by_keyword() -> None:
    assert written_arguments("NewLayer", {"rate": 1}) == [("rate", 1)]
