"""Where designs to compare come from: what this person has, and the templates.

To offer more, yield more sources here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components import studio
from designer import Design
from designer.templates import templates


@dataclass(frozen=True)
class Source:
    """A design that can be added by one choice.

    Attributes:
        key: tells it apart.
        kind: what sort of source it is, for the list ("Template").
        label: the design's name in a comparison.
        design: the design.
    """

    key: str
    kind: str
    label: str
    design: Design


def sources() -> Iterator[Source]:
    """Yield what can be compared, the nearest first."""
    design = studio.current_design()
    known = templates()[design.template]
    yield Source("current", "Design page", f"Your {known.title}", design)
    for name, named in studio.named_designs():
        yield Source(f"named:{name}", "My designs", name, named)
    for place, step in reversed(list(enumerate(studio.history()))):
        if place != studio.position():
            yield Source(f"state:{place}", f"State {place + 1}", step.label, step.design)
    for name, one in templates().items():
        yield Source(f"template:{name}", "Template", one.title, Design.from_template(name))
