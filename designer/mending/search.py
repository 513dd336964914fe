"""Trying changes, one after another, until enough of them mend or enough has been tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from designer.design import Design
from designer.errors import DesignError
from designer.layers import LayerFault, Shape, rule_for
from designer.mending.mend import Mend
from designer.templates import template

#: The most mends that are offered.
MOST_MENDS = 4

#: How many changes are tried, and how many layers are gone through for it: what bounds the time
#: (some 50 ms), the same on every machine. Of very large designs, that is one or two changes.
_MOST_TRIALS = 60
_MOST_LAYERS = 6_000

#: Layers of a design of which only a few changes can be tried so.
VERY_LARGE = 1_000


def builds(design: Design) -> bool:
    """Return whether every layer of a design can be built; stops at the first that cannot."""
    return _parameters(design) is not None


def first_that_mend(design: Design, candidates: Iterable[Mend], limit: int) -> tuple[Mend, ...]:
    """Return the first changes after which a design can be built, one of each kind.

    Those that leave it with more parameters than ``limit`` count only if there are no others, and
    if what is to be mended is not its size.
    """
    at_fault = not builds(design)
    found: dict[tuple[object, ...], Mend] = {}
    too_large: dict[tuple[object, ...], Mend] = {}
    results: list[Design] = []
    layers = trials = 0
    for mend in candidates:
        if len(found) == MOST_MENDS or trials >= _MOST_TRIALS or layers >= _MOST_LAYERS:
            break
        if mend.kind in found or mend.kind in too_large:
            continue  # one value of each thing is enough: the nearest that works
        mended = _after(design, mend)
        if mended is None:
            continue
        trials, layers = trials + 1, layers + len(mended.graph.layers)
        after = _parameters(mended)
        if after is None or mended in results:
            continue
        if after <= limit:
            found[mend.kind] = mend
            results.append(mended)
        elif at_fault and len(too_large) < MOST_MENDS:
            too_large[mend.kind] = mend
            results.append(mended)
    return tuple(found.values()) or tuple(too_large.values()) or tuple(_last_resort(design, limit))


def _after(design: Design, mend: Mend) -> Design | None:
    try:
        mended = design.replace(**mend.changes)
        _ = mended.graph  # it is kept, for whoever asks next
    except DesignError:
        return None
    return mended


def _parameters(design: Design) -> int | None:
    """Return how many parameters a design has; ``None`` if a layer cannot be built."""
    shapes: dict[str, Shape] = {}
    total = 0
    try:
        for layer in design.graph.layers:
            inputs = [shapes[name] for name in layer.inputs]
            rule = rule_for(layer.class_name)
            shapes[layer.name] = rule.output_shape(layer.config, inputs)
            total += sum(weight.count for weight in rule.weights(layer.config, inputs))
    except LayerFault:
        return None
    return total


def resets(design: Design) -> Iterator[Mend]:
    """Yield the defaults of one parameter after another."""
    for name in design.choices:
        label = f"Back to the template's {_label(design, name)}"
        yield Mend(label, {name: design.reset(name)[name]}, (name, "default"))


def _last_resort(design: Design, limit: int) -> Iterator[Mend]:
    """Yield the mend that never fails: as much of the design as builds, the rest by default."""
    choices = sorted(design.choices, key=lambda name: (name != "groups", name != "input_shape"))
    alone = [[name] for name in choices[:2]]
    together = [choices[:count] for count in range(2, len(choices) + 1)]
    for names in [*alone, *together]:
        reset = design.reset(*names)
        mend = Mend(
            f"Back to the template's {_listed([_label(design, name) for name in names])}",
            {name: reset[name] for name in names if name in reset.parameters},
            ("defaults",),
        )
        mended = _after(design, mend)
        size = None if mended is None else _parameters(mended)
        if size is not None and (size <= limit or _parameters(design) is None):
            yield mend
            return


def _label(design: Design, name: str) -> str:
    label = template(design.template).parameter(name).label
    return label[0].lower() + label[1:]


def _listed(labels: list[str]) -> str:
    if len(labels) == 1:
        return labels[0]
    more = f" and {len(labels) - 2} more" if len(labels) > 2 else ""
    return (", " if more else " and ").join(labels[:2]) + more
