"""Networks for the drawing's tests: templates, and wirings that no template has."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from designer import Design
from designer.graph import Layer
from designer.layers import LayerFault
from designer.places import sections_of
from designer.summary import Cost, LayerSummary, Summary, outline


def summary_of(name: str, **parameters: object) -> Summary:
    return outline(Design.from_template(name, **parameters))


@dataclass(frozen=True)
class Wired:
    """What ``draw`` needs of a summary, for layers that are wired by hand."""

    layers: tuple[LayerSummary, ...]
    fault: LayerFault | None = None
    template: str = "wired"

    @property
    def sections(self):
        return sections_of(self.layers)


def wired(*layers: tuple[str, str, str, tuple[int, ...]]) -> Wired:
    """Return a network of ``(name, class, inputs, shape)``, all in one block of one group."""
    made = [
        LayerSummary(
            Layer(
                name,
                class_name,
                MappingProxyType({}),
                tuple(inputs.split()),
                "stem" if index == 0 else "learner/group1/block1",
            ),
            input_shapes=(),
            cost=Cost(shape),
        )
        for index, (name, class_name, inputs, shape) in enumerate(layers)
    ]
    return Wired(tuple(made))


MAPS, VECTOR = (28, 28, 64), (64,)

DENSE = wired(
    ("inputs", "InputLayer", "", MAPS),
    ("a", "Conv2D", "inputs", MAPS),
    ("join1", "Concatenate", "inputs a", (28, 28, 128)),
    ("b", "Conv2D", "join1", MAPS),
    ("join2", "Concatenate", "join1 b", (28, 28, 192)),
    ("c", "Conv2D", "join2", MAPS),
    ("join3", "Concatenate", "inputs join2 c", (28, 28, 320)),
)

GATED = wired(
    ("inputs", "InputLayer", "", MAPS),
    ("conv", "Conv2D", "inputs", MAPS),
    ("squeeze", "GlobalAveragePooling2D", "conv", VECTOR),
    ("narrow", "Dense", "squeeze", (4,)),
    ("excite", "Dense", "narrow", VECTOR),
    ("gate", "Multiply", "conv excite", MAPS),
    ("add", "Add", "inputs gate", MAPS),
)

PARALLEL = wired(
    ("inputs", "InputLayer", "", MAPS),
    ("one", "Conv2D", "inputs", MAPS),
    ("two", "Conv2D", "inputs", MAPS),
    ("two_more", "Conv2D", "two", MAPS),
    ("three", "Conv2D", "inputs", MAPS),
    ("join", "Concatenate", "one two_more three", (28, 28, 192)),
)
