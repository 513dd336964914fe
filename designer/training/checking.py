"""Whether a run can go on at all, asked before anything heavy is imported or allocated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.compiling import compile_settings, figures_of
from designer.datasets import check_fit, dataset_info
from designer.design import Design
from designer.memory import check_memory_to_train
from designer.summary import Summary, summarize
from designer.training.augmentation import check_varies
from designer.training.improvement import check_monitor
from designer.training.settings import SettingsError, TrainingSettings
from designer.training.sinks import check_sinks


def check_run(
    design: Design | Mapping[str, Any],
    settings: TrainingSettings | Mapping[str, Any],
    *,
    now: bool = False,
) -> tuple[Design, TrainingSettings, Summary]:
    """Return a design, its settings and its summary, having checked that they go together.

    Args:
        design: a design, or what ``Design.to_dict`` returns.
        settings: settings, or what ``TrainingSettings.to_dict`` returns.
        now: whether it must fit into the memory that is free now; it may wait otherwise.

    Raises:
        DesignError: a design that cannot be read or built.
        SettingsError: settings that make no sense, or are for another task than the design.
        DatasetError: there is no such data set, or it does not fit the design.
        MemoryLimitError: training would not fit in this machine's memory.
    """
    if not isinstance(design, Design):
        design = Design.from_dict(design)
    if not isinstance(settings, TrainingSettings):
        settings = TrainingSettings.from_dict(settings)
    parameters = design.parameters
    if settings.task not in (None, parameters["task"]):
        raise SettingsError(
            f"The design is made for {parameters['task']}, the settings ask for "
            f"{settings.task}: set one to the other.",
            field="task",
        )
    check_fit(
        dataset_info(settings.dataset),
        input_shape=parameters["input_shape"],
        task=parameters["task"],
        classes=parameters.get("classes"),
        outputs=parameters.get("outputs"),
    )
    check_varies(settings.augmentation, parameters["input_shape"])
    check_monitor(settings, figures_of(design))
    check_sinks(settings)
    if settings.class_weights != "none" and parameters["task"] not in ("binary", "multiclass"):
        raise SettingsError(
            f"class_weights: received {settings.class_weights!r}, but the task is"
            f" {parameters['task']}: examples can be weighed by class where each has one class.",
            field="class_weights",
        )
    summary = summarize(design)
    check_memory_to_train(
        summary, compile_settings(design).optimizer, settings.batch_size, ever=not now
    )
    return design, settings, summary
