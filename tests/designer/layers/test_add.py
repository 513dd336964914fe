"""Identity links by hand."""

from __future__ import annotations

import pytest

from designer.layers import LayerFault, rule_for


def test_equal_maps_are_added() -> None:
    assert rule_for("Add").output_shape({}, [(7, 7, 64), (7, 7, 64)]) == (7, 7, 64)


def test_maps_of_different_shapes_are_refused() -> None:
    with pytest.raises(LayerFault) as caught:
        rule_for("Add").output_shape({}, [(7, 7, 64), (7, 7, 128)])
    assert "7 × 7 × 64 and 7 × 7 × 128" in str(caught.value)
    assert "projection" in caught.value.works
