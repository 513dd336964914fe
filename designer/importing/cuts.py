"""The layers that everything in a network passes through: blocks end and begin there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def cut_layers(
    order: Sequence[str], inputs: Mapping[str, Sequence[str]], outputs: Sequence[str]
) -> frozenset[str]:
    """Return the layers that every way from the inputs to the outputs passes.

    Such a layer has all others before it or behind it, so one pass in any order will do: it is
    one exactly if nothing that stands before it is still needed behind it.

    Args:
        order: the layers, inputs before users.
        inputs: layer → the layers that feed it.
        outputs: the layers that give the answers; they are needed to the end.
    """
    place = {name: number for number, name in enumerate(order)}
    last_use = dict(place)
    for name in order:
        for source in inputs[name]:
            last_use[source] = max(last_use[source], place[name])
    for name in outputs:
        last_use[name] = len(order)
    found, needed = [], -1  # how far back reaches what stands before
    starts = [name for name in order if not inputs[name]]
    last_start = place[starts[-1]] if starts else 0
    for name in order:
        here = place[name]
        if needed <= here and here >= last_start:
            found.append(name)
        needed = max(needed, last_use[name])
    return frozenset(found)
