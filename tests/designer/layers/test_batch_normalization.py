"""Batch normalization by hand: two numbers a channel are trained, two are not."""

from __future__ import annotations

import pytest

from designer.layers import rule_for
from designer.layers.base import Shape


@pytest.mark.parametrize("shape", [(7, 7, 64), (64,)])
def test_four_numbers_a_channel(shape: Shape) -> None:
    weights = rule_for("BatchNormalization").weights({}, [shape])
    assert [(weight.name, weight.shape, weight.trainable) for weight in weights] == [
        ("gamma", (64,), True),
        ("beta", (64,), True),
        ("moving_mean", (64,), False),
        ("moving_variance", (64,), False),
    ]
