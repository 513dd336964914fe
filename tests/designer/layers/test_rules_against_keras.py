"""Every rule against its Keras layer, on shapes and arguments no template asks for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.layers import LayerFault, rule_for, rules
from designer.layers.base import Shape

pytestmark = pytest.mark.keras

side = st.integers(1, 12)
maps = st.tuples(side, side, st.sampled_from((1, 2, 3, 4, 6)))
vectors = st.tuples(st.integers(1, 40))
either = maps | vectors
pairs = st.tuples(st.integers(1, 5), st.integers(1, 5))
equal_pairs = st.integers(1, 5).map(lambda size: (size, size))
paddings = st.sampled_from(("same", "valid"))

#: By class: the shape that comes in (of each input), and the arguments.
DRAWN: dict[str, tuple[st.SearchStrategy, st.SearchStrategy]] = {
    "Conv2D": (maps, st.fixed_dictionaries(
        {"filters": st.sampled_from((1, 2, 4, 6, 12)), "kernel_size": pairs,
         "strides": equal_pairs, "padding": paddings},
        optional={"groups": st.sampled_from((1, 2, 3)), "use_bias": st.booleans()})),
    "Dense": (either, st.fixed_dictionaries(
        {"units": st.integers(1, 9)}, optional={"use_bias": st.booleans()})),
    "MaxPooling2D": (maps, st.fixed_dictionaries(
        {"pool_size": pairs, "strides": pairs, "padding": paddings})),
    "AveragePooling2D": (maps, st.fixed_dictionaries(
        {"pool_size": pairs, "strides": pairs, "padding": paddings})),
    "DepthwiseConv2D": (maps, st.fixed_dictionaries(
        {"kernel_size": pairs, "strides": equal_pairs, "padding": paddings},
        optional={"depth_multiplier": st.integers(1, 3), "use_bias": st.booleans()})),
    "GlobalAveragePooling2D": (maps, st.fixed_dictionaries(
        {}, optional={"keepdims": st.booleans()})),
    "GlobalMaxPooling2D": (maps, st.fixed_dictionaries({}, optional={"keepdims": st.booleans()})),
    "BatchNormalization": (either, st.just({})),
    "ZeroPadding2D": (maps, st.fixed_dictionaries({"padding": pairs})),
    "Flatten": (either, st.just({})),
    # Keras also adds sides of 1 to any side, which no template means; none are drawn here.
    "Add": (st.lists(st.sampled_from(((4, 5, 3), (4, 5, 6), (2, 5, 3))), min_size=1, max_size=2),
            st.just({})),
    "Multiply": (st.lists(st.sampled_from(
        ((4, 5, 3), (1, 1, 3), (4, 1, 3), (1, 5, 1), (5, 3), (3,), (4, 5, 6))),
        min_size=1, max_size=3), st.just({})),
    "Concatenate": (st.lists(st.sampled_from(((4, 5, 3), (4, 5, 6), (2, 5, 3), (4, 1, 3))),
                             min_size=1, max_size=3), st.just({})),
    "Reshape": (either, st.fixed_dictionaries({"target_shape": st.lists(
        st.sampled_from((-1, 1, 2, 3, 4, 6, 12, 24)), min_size=1, max_size=3).map(tuple)})),
    "Activation": (either, st.just({"activation": "tanh"})),
    "ReLU": (either, st.just({})),
    "Dropout": (either, st.just({"rate": 0.5})),
    "InputLayer": (either, st.just({})),
}  # fmt: skip


def test_every_rule_is_tried() -> None:
    assert set(DRAWN) == set(rules()), "a new layer class: say here what to try it on"


@pytest.mark.parametrize("class_name", sorted(set(DRAWN) - {"InputLayer"}))
def test_shapes_and_weights_are_those_of_keras(class_name: str) -> None:
    import keras
    from real_models import no_weights

    rule = rule_for(class_name)
    shapes, configs = DRAWN[class_name]

    @settings(max_examples=25)
    @given(shapes, configs)
    def check(shape: Any, config: dict[str, Any]) -> None:
        if isinstance(shape, list):
            inputs: list[Shape] = [*shape, shape[0]]
        else:
            inputs = [shape]
        with no_weights():
            feeds = [keras.Input(one) for one in inputs]
            try:
                layer = getattr(keras.layers, class_name)(**config)
                theirs = layer(feeds if len(feeds) > 1 else feeds[0])
                fine = all(size is None or size > 0 for size in theirs.shape)
            except ValueError:
                fine = False
            try:
                ours = rule.output_shape(config, inputs)
            except LayerFault:
                assert not fine
                return
            assert fine
            assert (None, *ours) == tuple(theirs.shape)
            weights = rule.weights(config, inputs)
            assert [weight.shape for weight in weights] == [
                tuple(weight.shape) for weight in layer.weights
            ]
            assert [weight.name for weight in weights] == [weight.name for weight in layer.weights]
            assert [weight.trainable for weight in weights] == [
                weight.trainable for weight in layer.weights
            ]

    check()
