"""A run in this very process, for the command line: no engine, no waiting."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from designer.training import runs as states
from designer.training.checking import check_run
from designer.training.runs import Progress, Run
from designer.training.settings import TrainingSettings
from designer.training.store import RunStore

if TYPE_CHECKING:
    from designer.design import Design


def run_in_this_process(
    design: Design | Mapping[str, Any],
    settings: TrainingSettings | Mapping[str, Any],
    on_progress: Callable[[Progress, Mapping[str, float]], None] | None = None,
    *,
    last_epoch: int = 0,
) -> Run:
    """Train in this process, which becomes the run's worker, and return the run at its end.

    Ctrl-C stops the run politely, with final figures and the model kept; a second one
    ends the process's patience (``KeyboardInterrupt``). Imports TensorFlow.

    Args:
        design: what to train.
        settings: how.
        on_progress: called with the progress and the newest figures a few times a second.
        last_epoch: the epoch at whose end the run stops, as if somebody had stopped it right
            there; 0 for its last. Its schedule stays that of all its epochs.

    Raises:
        DesignerError: what ``check_run`` refuses, before TensorFlow is imported.
        RunError: the run store cannot be opened.
    """
    design, settings, _ = check_run(design, settings, now=True)
    store = RunStore()
    try:
        run = store.create(design, settings, held=True)
        with _polite_interrupt() as interrupted:
            from designer.training.worker_run import execute

            if 0 < last_epoch < settings.epochs:
                store.move(run.id, [run.state], run.state, pause_after=last_epoch)
            else:
                last_epoch = 0

            def ends() -> bool:
                paused = bool(last_epoch) and store.run(run.id).state == states.PAUSED
                return interrupted() or paused

            execute(run.id, held=True, interrupted=ends, on_progress=on_progress)
        return store.run(run.id)
    finally:
        store.close()


@contextmanager
def _polite_interrupt() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into an answer of True; the next one is an exception again."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set  # only the main thread may handle signals
        return

    def note(_number: int, _frame: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)
