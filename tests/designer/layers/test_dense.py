"""Dense layers by hand."""

from __future__ import annotations

from designer.layers import rule_for

rule = rule_for("Dense")


def test_the_book_s_layer_of_ten_nodes_on_thirteen_inputs() -> None:
    config = {"units": 10, "activation": "relu"}
    assert rule.output_shape(config, [(13,)]) == (10,)
    assert sum(weight.count for weight in rule.weights(config, [(13,)])) == 140
    assert rule.multiply_adds(config, [(13,)], (10,)) == 130
    assert rule.explain_params(config, [(13,)]) == "13 × 10 weights + 10 biases = 140"


def test_without_a_bias() -> None:
    config = {"units": 10, "use_bias": False}
    assert [weight.name for weight in rule.weights(config, [(13,)])] == ["kernel"]
    assert rule.explain_params(config, [(13,)]) == "13 × 10 weights = 130"


def test_on_maps_it_works_at_every_place() -> None:
    config = {"units": 4}
    assert rule.output_shape(config, [(5, 6, 3)]) == (5, 6, 4)
    assert sum(weight.count for weight in rule.weights(config, [(5, 6, 3)])) == 16
    assert rule.multiply_adds(config, [(5, 6, 3)], (5, 6, 4)) == 5 * 6 * 12


def test_numbers_beyond_64_bits_stay_exact() -> None:
    config = {"units": 10**12}
    assert rule.weights(config, [(10**12,)])[0].count == 10**24
