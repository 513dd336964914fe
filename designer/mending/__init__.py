"""Ways out of a design that cannot be built: small changes, each tried before it is offered.

Nothing here knows a template. What is at fault, a layer that does not fit or weights that are too
many, says near which parameters to look; they are changed one at a time, from what they say of
themselves, and a change is a mend only if the design then builds.
"""

from __future__ import annotations

from designer.memory import largest_layer, most_parameters
from designer.mending import faults, sizes
from designer.mending.mend import Mend
from designer.mending.search import MOST_MENDS, builds, first_that_mend
from designer.summary import Summary

__all__ = ["MOST_MENDS", "Mend", "builds", "mends"]


def mends(summary: Summary) -> tuple[Mend, ...]:
    """Return changes that make a design build, those that change least first; none if it builds.

    There is always at least one: in the end, the template's defaults. (Where even those are
    larger than what is built here, there is none.)
    """
    design, limit = summary.design, most_parameters()
    fault = next((layer for layer in summary.layers if layer.fault), None)
    if fault is not None:
        return first_that_mend(design, faults.candidates(design, fault), limit)
    if summary.total_params > limit:
        near = sizes.candidates(design, largest_layer(summary), summary.total_params / limit)
        return first_that_mend(design, near, limit)
    return ()
