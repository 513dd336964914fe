"""What people ask of a run: stop, pause, resume, one more epoch, other settings.

Everything is written into the run's row in the store, where its worker looks a few times a
second; nothing is sent. What a run without a worker can do by itself (stop while it waits) is
done at once. All is repeatable: asking twice changes nothing more.
"""

from __future__ import annotations

from typing import Any

from designer.errors import RunError
from designer.paths import run_folder
from designer.training import runs as states
from designer.training.runs import Run
from designer.training.settings import SettingsError, TrainingSettings
from designer.training.store import HELD_BY_NOBODY, RunStore

CHANGEABLE = ("learning_rate", "epochs", "early_stopping")
"""The settings that a run can be given while it is under way."""

CHECKPOINT_FILE = "checkpoint.npz"


def request_stop(store: RunStore, run: str) -> Run:
    """Ask a run to stop, and return it as it then is.

    One that no worker holds is stopped at once; one under way goes to ``stopping`` and its
    worker ends it; one that is over stays as it is.

    Raises:
        RunError: there is no such run.
    """
    known = store.run(run)
    if known.state == states.QUEUED or _is_left_alone(known):
        begun = known.progress.step > 0
        reason = (
            f"Stopped on request in epoch {known.progress.epoch}."
            if begun
            else "Stopped before it started."
        )
        held_by = None if known.process is None else known.process.pid
        changes = {"reason": reason, "result": states.PENDING if begun else "", "pause_after": 0}
        if store.move(run, [known.state], states.STOPPED, held_by=held_by, **changes):
            store.add_event(run, "stopped", known.progress.step, known.progress.epoch)
            return store.run(run)
    store.move(
        run, [states.STARTING, states.RUNNING, states.PAUSING, states.PAUSED], states.STOPPING
    )
    return store.run(run)


def request_pause(store: RunStore, run: str) -> Run:
    """Ask a run to pause where it is, and return it as it then is.

    One that waits is paused at once; one under way goes to ``pausing`` until its worker has
    kept its place.

    Raises:
        RunError: there is no such run, or it is over.
    """
    known = store.run(run)
    _refuse_if_over(known, "paused")
    if known.state == states.QUEUED or (_is_left_alone(known) and known.state != states.PAUSED):
        held_by = None if known.process is None else known.process.pid
        if store.move(run, [known.state], states.PAUSED, held_by=held_by, **HELD_BY_NOBODY):
            store.add_event(run, "paused", known.progress.step, known.progress.epoch)
            return store.run(run)
    store.move(run, [states.STARTING, states.RUNNING], states.PAUSING)
    return store.run(run)


def request_resume(store: RunStore, run: str, *, pause_after: int = 0) -> Run:
    """Let a run go on from where it was, and return it as it then is.

    A paused run whose worker still holds it goes on at once; one without a worker returns to
    the queue, as does one that was interrupted, stopped or failed. One that waits or goes on
    already stays as it is.

    Args:
        store: the run store.
        run: the run.
        pause_after: the epoch at whose end it shall pause again; 0 for none.

    Raises:
        RunError: there is no such run, or it has finished all its epochs.
    """
    known = store.run(run)
    if known.state == states.FINISHED:
        epochs = known.settings.get("epochs", known.progress.epochs)
        if known.progress.epoch >= epochs:
            raise RunError(
                f"The run {run} has finished all its {epochs} epochs. Give it more epochs to go"
                " on, or start it again."
            )
    if known.state in (states.PAUSED, states.PAUSING) and not _is_left_alone(known):
        assert known.process is not None
        goes_on = {"pause_after": pause_after, "held_by": known.process.pid}
        if store.move(run, [states.PAUSED, states.PAUSING], states.RUNNING, **goes_on):
            return store.run(run)
        known = store.run(run)  # its worker has just left it
    if known.state in (states.PAUSED, *states.FINAL) or _is_left_alone(known):
        held_by = None if known.process is None else known.process.pid
        store.move(
            run,
            [known.state],
            states.QUEUED,
            held_by=held_by,
            pause_after=pause_after,
            reason=None,
            result="",
            attempts=0,
            **HELD_BY_NOBODY,
        )
    elif pause_after:
        store.move(run, [known.state], known.state, pause_after=pause_after)
    return store.run(run)


def request_one_epoch(store: RunStore, run: str) -> Run:
    """Let a run go on to the end of an epoch and pause there.

    A run in the middle of an epoch finishes that one; one that stands between two does the next.

    Raises:
        RunError: as :func:`request_resume`, or it has no epoch left.
    """
    known = store.run(run)
    each = known.progress.steps // max(1, known.progress.epochs)
    between = not each or known.progress.step % each == 0
    stands = known.state == states.PAUSED or known.is_over
    epoch = known.progress.epoch + (1 if between and stands else 0)
    return request_resume(store, run, pause_after=max(1, epoch))


def change_settings(store: RunStore, run: str, **changes: Any) -> Run:
    """Change the learning rate, the number of epochs or the early stop of a run, even one
    under way, and return it.

    Args:
        store: the run store.
        run: the run.
        changes: any of ``CHANGEABLE``.

    Raises:
        SettingsError: another setting, or a value that makes no sense for it now.
        RunError: there is no such run.
    """
    known = store.run(run)
    for name in changes:
        if name not in CHANGEABLE:
            raise SettingsError(
                f"{name} cannot be changed once a run has been made; {', '.join(CHANGEABLE[:-1])}"
                f" and {CHANGEABLE[-1]} can. Start a new run with it.",
                field=name,
            )
    settings = TrainingSettings.from_dict(known.settings).replace(**changes)
    if settings.epochs < known.progress.epoch:
        raise SettingsError(
            f"epochs: received {settings.epochs}, but epoch {known.progress.epoch} is under way;"
            f" {known.progress.epoch} or more work.",
            field="epochs",
        )
    different = {
        name: value for name, value in changes.items() if known.settings.get(name) != value
    }
    if different:
        each = known.progress.steps // max(1, known.progress.epochs)
        store.record(
            run,
            settings=settings.to_dict(),
            epochs=settings.epochs,
            steps=each * settings.epochs,
        )
        store.add_event(run, "changed", known.progress.step, known.progress.epoch, **different)
    return store.run(run)


def has_checkpoint(run: str) -> bool:
    """Return whether a run has kept a place from which it can go on."""
    return (run_folder(run) / CHECKPOINT_FILE).is_file()


def _is_left_alone(run: Run) -> bool:
    """Whether no worker is at a run that has begun and is not over."""
    if run.state not in (states.PAUSED, *states.UNDER_WAY):
        return False
    return run.process is None or run.process.is_gone()


def _refuse_if_over(run: Run, what: str) -> None:
    if run.is_over:
        raise RunError(f"The run {run.id} is {run.state}: it cannot be {what} any more.")
