"""The ways to learn from a person's data, from what is to be predicted."""

from __future__ import annotations

from designer.datasets.catalogue import Target, TaskView


def views_of(
    shape: tuple[int, ...], targets: tuple[Target, ...], features: tuple[str, ...] = ()
) -> tuple[TaskView, ...]:
    """Return the tasks that targets offer, the best first.

    Numbers are a regression; one choice of two is binary or multiclass, of more multiclass;
    several choices are multitask.
    """
    heads = tuple(target.classes for target in targets)
    names = tuple(target.name for target in targets)
    if not heads[0]:
        return (TaskView("regression", shape, (), names, features),)
    if len(targets) > 1:
        return (TaskView("multitask", shape, heads, names, features),)
    tasks = ("binary", "multiclass") if len(heads[0]) == 2 else ("multiclass",)
    return tuple(TaskView(task, shape, heads, names, features) for task in tasks)
