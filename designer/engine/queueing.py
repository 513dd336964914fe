"""Putting a run into the queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from designer.memory import memory_to_train
from designer.training.checking import check_run
from designer.training.runs import Run
from designer.training.settings import TrainingSettings
from designer.training.store import RunStore

if TYPE_CHECKING:
    from designer.design import Design


def queue_run(
    store: RunStore,
    design: Design | Mapping[str, Any],
    settings: TrainingSettings | Mapping[str, Any],
) -> Run:
    """Queue a run, with the memory it will ask for, and return it. A keeper starts it.

    Raises:
        DesignerError: what ``designer.training.checking.check_run`` refuses.
    """
    design, settings, summary = check_run(design, settings)
    memory = memory_to_train(summary, design["optimizer"], settings.batch_size)
    return store.create(design, settings, memory=memory)
