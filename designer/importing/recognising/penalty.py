"""The penalty on a network's weights: a design has one for all its kernels, or none."""

from __future__ import annotations

from designer.importing.recognising.target import Target, TargetLayer
from designer.layers import rule_for
from designer.regularizers import L2


def without_penalty(target: Target) -> tuple[Target, float | None]:
    """Return a network without its penalty, and the factor of it: 0 if it has none, ``None`` if
    some of its kernels have another than others."""
    factors = set()
    layers = []
    for layer in target.layers:
        names = rule_for(layer.class_name).kernel_regularizers
        for name in names:
            penalty = layer.config.get(name)
            factors.add(penalty.factor if isinstance(penalty, L2) else 0.0)
        bare = {name: value for name, value in layer.config.items() if name not in names}
        layers.append(TargetLayer(layer.name, layer.class_name, bare, layer.inputs))
    if len(factors) > 1:
        return target, None
    factor = next(iter(factors), 0.0)
    return (Target(layers, target.outputs, target.shapes) if factor else target), factor
