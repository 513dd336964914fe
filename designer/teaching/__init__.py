"""Plain teaching for every part of a network: what it does, and why it is here.

The first sentence is the layer class's own (``teaches`` in ``designer.layers``); the second is
read from where the layer stands: what feeds it, what it feeds, how it changes the shape. Nothing
here knows a template's name, so that a new template is taught as it comes.
"""

from __future__ import annotations

from dataclasses import dataclass

from designer.layers import rule_for
from designer.places import Place
from designer.summary import LayerSummary
from designer.teaching.convolutions import why_convolution
from designer.teaching.other_layers import why_other
from designer.teaching.parts import teach_block, teach_network, teach_section
from designer.teaching.wiring import CONVOLUTIONS, Wiring

__all__ = ["Teaching", "Wiring", "teach"]


@dataclass(frozen=True)
class Teaching:
    """What something in a network does, and why it is here."""

    does: str
    why: str


def teach(place: Place | None, wiring: Wiring) -> Teaching:
    """Teach a layer, a block, a section, or (``None``) the network."""
    if place is None:
        return Teaching(*teach_network(wiring))
    if place.kind == "layer":
        return _teach_layer(place.layers[0], wiring)
    teacher = teach_section if place.kind == "section" else teach_block
    return Teaching(*teacher(place, wiring))


def _teach_layer(layer: LayerSummary, wiring: Wiring) -> Teaching:
    does = rule_for(layer.class_name).teaches
    if layer.output_shape is None:
        reason = str(layer.fault) if layer.fault else "A layer before it cannot be built."
        return Teaching(does, reason)
    teacher = why_convolution if layer.class_name in CONVOLUTIONS else why_other
    return Teaching(does, teacher(layer, wiring))
