"""A design brought to a data set: its input and outputs set to what the data have."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from designer.datasets import DatasetInfo, fit_notes, fit_problems, parameters_for
from designer.design import Design, plain
from designer.summary import outline
from designer.templates import template
from designer.templates.parameters import InputShape

#: Sides that pictures are enlarged to when a network would shrink their own size to nothing.
SIDES = (32, 48, 64, 96, 128, 160, 192, 224)


def adapt(design: Design, info: DatasetInfo, *, keep: Collection[str] = ()) -> Design:
    """Return the design with its input, task and outputs set to what a data set has.

    A table's columns and a picture's own size are taken as they are. Where a network would
    shrink pictures of that size to nothing, the smallest usual size that works is taken, and
    the pictures will be enlarged.

    Args:
        keep: parameters that stay as they are (those a person set on purpose).

    Raises:
        DatasetError: if the template takes pictures and the data set is a table.
        DesignError: if the design cannot be built at any size.
    """
    task = design["task"] if design["task"] in info.task_names else None
    if "task" in keep:
        task = design["task"]
    wanted = parameters_for(info, task, _rank(design, info))
    changes = {name: value for name, value in wanted.items() if name not in keep}
    adapted = design.replace(**changes)
    if outline(adapted).fault is None or "input_shape" in keep or info.kind != "image":
        return adapted
    shape = adapted["input_shape"]
    for side in SIDES:
        if side > max(shape[:2]):
            larger = adapted.replace(input_shape=(side, side, *shape[2:]))
            if outline(larger).fault is None:
                return larger
    fault = outline(adapted).fault
    assert fault is not None
    raise fault


def adaptation(before: Design, after: Design) -> tuple[str, ...]:
    """Return, in words, what :func:`adapt` changed.

    >>> from designer.datasets import dataset_info
    >>> cnn = Design.from_template("cnn")
    >>> adaptation(cnn, adapt(cnn, dataset_info("mnist_5k")))
    ('input_shape: [128, 128, 1] → [28, 28, 1]', 'classes: 26 → 10')
    """
    return tuple(
        f"{name}: {plain(before[name])} → {plain(after[name])}"
        for name in ("task", "input_shape", "classes", "outputs")
        if before[name] != after[name] and (name != "outputs" or after["task"] == "regression")
    )


def problems(design: Design, info: DatasetInfo) -> tuple[str, ...]:
    """Return every reason why a design cannot be trained on a data set, in words."""
    found = fit_problems(
        info,
        input_shape=design["input_shape"],
        task=design["task"],
        classes=design.parameters.get("classes"),
        outputs=design.parameters.get("outputs"),
    )
    return tuple(problem.message for problem in found)


def notes(design: Design, info: DatasetInfo) -> tuple[str, ...]:
    """Return what will be done to a data set's examples so that they fit a design's input."""
    return fit_notes(info, design["input_shape"])


def _rank(design: Design, info: DatasetInfo) -> int:
    """Return how many sizes the adapted input has: the design's own number where it can be."""
    rank = len(design["input_shape"])
    parameter: Any = template(design.template).parameter("input_shape")
    assert isinstance(parameter, InputShape)
    ranks = [len(axes) for axes in parameter.axes]
    colour = info.kind == "image" and info.raw_shape[2] == 3
    return 3 if colour and 3 in ranks else rank
