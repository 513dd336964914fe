"""Whether a design and a data set fit, what would make them fit, and what is done to the data.

Pure: from shapes and counts to sentences. Nothing is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from designer.datasets.catalogue import DatasetInfo, TaskView, offering
from designer.errors import DatasetError


@dataclass(frozen=True)
class FitProblem:
    """One reason why a design cannot be trained on a data set.

    Attributes:
        field: the design's parameter at fault: "input_shape", "task", "classes" or "outputs".
        received: its value.
        works: a value that would work, or None where the data set has none to offer.
        message: what is wrong and what would work, in a sentence or two.
    """

    field: str
    received: Any
    works: Any
    message: str

    def __str__(self) -> str:
        return self.message


def fit_problems(
    info: DatasetInfo,
    *,
    input_shape: Sequence[int],
    task: str,
    classes: int | Sequence[int] | None = None,
    outputs: int | None = None,
) -> tuple[FitProblem, ...]:
    """Return every reason why a design with these parameters cannot train on a data set.

    Args:
        info: the data set.
        input_shape, task, classes, outputs: the design's parameters; those that its task does
            not use are ignored.

    Returns:
        nothing where they fit. Pictures fit any size, in grey or colour: they are resized.
    """
    problems = []
    if task in info.task_names:
        view = info.view(task)
    else:
        view = info.view()
        problems.append(
            FitProblem(
                "task",
                task,
                view.task,
                f"The design's task is {task}; {info.called} offers "
                f"{' or '.join(info.task_names)}. Set task={view.task}"
                + (f", or choose another data set. {offering(task)}" if offering(task) else "."),
            )
        )
    problem = shape_problem(view.input_shape, input_shape, info.called)
    if problem:
        problems.append(problem)
    if view.task == task:
        problems.extend(_head_problems(info, view, classes, outputs))
    return tuple(problems)


def check_fit(
    info: DatasetInfo,
    *,
    input_shape: Sequence[int],
    task: str,
    classes: int | Sequence[int] | None = None,
    outputs: int | None = None,
) -> None:
    """Raise where a design and a data set do not fit; see :func:`fit_problems`.

    Raises:
        DatasetError: its message has every reason.
    """
    problems = fit_problems(
        info, input_shape=input_shape, task=task, classes=classes, outputs=outputs
    )
    if problems:
        raise DatasetError(
            f"The data set {info.called} does not fit the design. "
            + " ".join(problem.message for problem in problems)
        )


def shape_problem(
    raw_shape: Sequence[int], input_shape: Sequence[int], name: str = "The data set"
) -> FitProblem | None:
    """Return why raw examples cannot be brought into an input shape, or None where they can.

    Args:
        raw_shape: a table's (features,) or a picture's (height, width, channels).
        input_shape: what the design takes.
        name: what to call the data set.
    """
    raw, wanted = tuple(raw_shape), tuple(input_shape)

    def problem(works: tuple[int, ...] | None, message: str) -> FitProblem:
        return FitProblem("input_shape", wanted, works, message)

    if len(wanted) not in (1, 2, 3) or not all(_is_size(size) for size in wanted):
        return problem(
            raw,
            f"The design's input_shape is {wanted}: it must be (features,), (height, width) or "
            f"(height, width, channels) in whole numbers of 1 or more. {name} has {raw}.",
        )
    if len(raw) == 1:
        if len(wanted) > 1:
            return problem(
                None,
                f"The design takes pictures, input_shape={wanted}, and {name} is a table: "
                f"{raw[0]} numbers an example, with no height and width. Use a data set of "
                f"pictures, or a template that takes a row of numbers, such as dnn, with "
                f"input_shape={raw}.",
            )
        if wanted != raw:
            return problem(
                raw,
                f"The design takes {wanted[0]} numbers an example, and {name} has {raw[0]}. "
                f"Set input_shape={raw}.",
            )
        return None
    height, width, channels = raw
    if len(wanted) == 1:
        sizes = _flat_sizes(raw)
        if wanted[0] not in sizes:
            grey = f", or ({height * width},) for its pictures in grey" if channels > 1 else ""
            return problem(
                (sizes[0],),
                f"The design takes {wanted[0]} numbers an example, and a picture of {name} has "
                f"{height} × {width} × {channels} = {sizes[0]}. Set input_shape=({sizes[0]},)"
                f"{grey}.",
            )
    elif len(wanted) == 3 and wanted[2] not in (1, 3):
        return problem(
            (*wanted[:2], channels),
            f"The design takes pictures of {wanted[2]} channels; {name} has {channels}, which "
            f"can be made 1 (grey) or 3 (red, green, blue). "
            f"Set input_shape={(*wanted[:2], channels)}.",
        )
    return None


def fit_notes(info: DatasetInfo, input_shape: Sequence[int]) -> tuple[str, ...]:
    """Return what is done to the examples so that they fit a design's input, a sentence each.

    Scaling is not part of it: :meth:`Preprocessing.describe` tells that.

    Args:
        input_shape: one that fits (:func:`shape_problem` has nothing to say of it).
    """
    if info.kind == "table":
        return ()
    height, width, channels = info.raw_shape
    wanted = tuple(input_shape)
    notes = []
    grey_wanted = len(wanted) == 2 or wanted[2:] == (1,) or wanted == (height * width,)
    if channels == 3 and grey_wanted:
        notes.append("Colours become grey (0.299 red + 0.587 green + 0.114 blue).")
    if channels == 1 and wanted[2:] == (3,):
        notes.append("Grey is repeated as red, green and blue.")
    if len(wanted) == 1:
        notes.append(f"Each picture becomes a row of {wanted[0]} numbers.")
    elif wanted[:2] != (height, width):
        notes.append(f"Pictures are resized from {height} × {width} to {wanted[0]} × {wanted[1]}.")
    return tuple(notes)


def parameters_for(
    info: DatasetInfo, task: str | None = None, input_rank: int | None = None
) -> dict[str, Any]:
    """Return the design parameters that match a data set exactly.

    Args:
        info: the data set.
        task: one of its tasks; None for its default.
        input_rank: how many numbers the template's ``input_shape`` has: 1 (features,),
            2 (height, width) or 3 (height, width, channels); None for the data's own.
            Pictures are flattened for 1; for 2, colours become grey.

    Returns:
        ``input_shape``, ``task`` and, as the task has them, ``classes`` or ``outputs``.

    Raises:
        DatasetError: the data set has no such task, or is a table where pictures are taken.
    """
    view = info.view(task)
    shape = view.input_shape
    rank = len(shape) if input_rank is None else input_rank
    if rank not in (1, 2, 3):
        raise DatasetError(f"The rank of an input shape is 1, 2 or 3, received {rank!r}.")
    if info.kind == "table" and rank != 1:
        form = "(height, width)" if rank == 2 else "(height, width, channels)"
        raise DatasetError(
            f"{info.called} is a table: {shape[0]} numbers an example, with no height and width "
            f"to make {form} of. Use a data set of pictures, or a template that takes a row of "
            f"numbers, such as dnn, with input_shape={shape}."
        )
    if info.kind == "image":
        shape = shape[:rank] if rank > 1 else (math.prod(shape),)
    parameters: dict[str, Any] = {"input_shape": shape, "task": view.task}
    if view.classes is not None:
        parameters["classes"] = view.classes
    if view.outputs is not None:
        parameters["outputs"] = view.outputs
    return parameters


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _flat_sizes(raw: tuple[int, ...]) -> tuple[int, ...]:
    """Return the sizes a picture can be flattened to: whole, and in grey where it has colour."""
    height, width, channels = raw
    whole = height * width * channels
    return (whole,) if channels == 1 else (whole, height * width)


def _head_problems(
    info: DatasetInfo,
    view: TaskView,
    classes: int | Sequence[int] | None,
    outputs: int | None,
) -> list[FitProblem]:
    """Compare the design's outputs with the data set's."""
    if view.outputs is not None:
        # A regression predicts one number unless the design says otherwise.
        received_outputs = 1 if outputs is None else outputs
        if received_outputs == view.outputs:
            return []
        return [
            FitProblem(
                "outputs",
                outputs,
                view.outputs,
                f"The design predicts {received_outputs} numbers, and {info.called} has "
                f"{view.outputs} ({', '.join(view.target_names)}). Set outputs={view.outputs}.",
            )
        ]
    if view.classes is None:
        return []
    received = tuple(classes) if isinstance(classes, Sequence) else classes
    if received == view.classes:
        return []
    works = list(view.classes) if isinstance(view.classes, tuple) else view.classes
    shown = list(received) if isinstance(received, tuple) else received
    return [
        FitProblem(
            "classes",
            received,
            view.classes,
            f"The design has classes={shown}, and {info.called} has {works} "
            f"({' and '.join(view.target_names)}). Set classes={works}.",
        )
    ]
