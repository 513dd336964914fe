"""Runs whose worker process is gone: killed, out of memory, the machine switched off."""

from __future__ import annotations

from designer.training import runs as states
from designer.training.runs import Run
from designer.training.store import HELD_BY_NOBODY, RunStore

MOST_ATTEMPTS = 3
"""How often a run is begun again that writes no checkpoint between two deaths of its worker."""

OUT_OF_MEMORY = (
    "The machine ran out of memory and ended the worker, in epoch {epoch} of {epochs}. A smaller"
    " batch size, smaller pictures or a smaller design needs less. What was learned up to the last"
    " checkpoint is kept."
)
DIED_AGAIN = (
    "Its worker process was killed {times} times at the same place, in epoch {epoch} of {epochs};"
    " too little memory is the likely cause. A smaller batch size or a smaller design needs less."
)


def recover(store: RunStore, run: Run, *, out_of_memory: bool = False) -> Run:
    """Do what can be done for a run whose worker is gone, and return it as it then is.

    One that was training goes back into the queue, to go on from its last checkpoint; one that
    people had asked to pause or stop does so. A run that dies again and again without coming
    further fails, and so does one whose worker the machine ended for want of memory.
    """
    if not run.is_interrupted:
        return run
    held_by = None if run.process is None else run.process.pid
    progress = run.progress
    at = {"epoch": progress.epoch, "epochs": progress.epochs}
    if run.state == states.STOPPING:
        reason = f"Stopped on request in epoch {progress.epoch}."
        result = states.PENDING if progress.step else ""
        store.end(run.id, states.STOPPED, reason=reason, result=result)
    elif run.state == states.PAUSING:
        store.move(run.id, [run.state], states.PAUSED, held_by=held_by, **HELD_BY_NOBODY)
        store.add_event(run.id, "paused", progress.step, progress.epoch)
    elif out_of_memory:
        store.end(run.id, states.FAILED, reason=OUT_OF_MEMORY.format(**at))
    else:
        attempts = run.attempts + 1  # a checkpoint written since would have made it 0
        if attempts > MOST_ATTEMPTS:
            store.end(run.id, states.FAILED, reason=DIED_AGAIN.format(times=attempts, **at))
        elif store.move(
            run.id,
            [run.state],
            states.QUEUED,
            held_by=held_by,
            attempts=attempts,
            **HELD_BY_NOBODY,
        ):
            store.add_event(run.id, "recovered", progress.step, progress.epoch, attempt=attempts)
    return store.run(run.id)


def recover_all(store: RunStore, *, home: str) -> list[Run]:
    """Recover every interrupted run of a home, and return them as they then are."""
    return [
        recover(store, run)
        for run in store.runs(states.UNDER_WAY)
        if run.is_interrupted and run.home in ("", home)
    ]
