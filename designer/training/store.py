"""The run store: where runs, their curves and their events are kept.

Many processes use it at once: pages read, workers write. Every change is one short transaction
that begins with its write, and every change of state names the states it may come from, so that
two processes never both believe they made it. What people ask of a run is in
``designer.training.asking``.
"""

from __future__ import annotations

import math
import secrets
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from designer.errors import RunError
from designer.paths import run_folder
from designer.training import runs as states
from designer.training.database import default_address, open_database
from designer.training.processes import ProcessIdentity, this_home
from designer.training.runs import EPOCH, Event, MetricPoint, Progress, Run, moment
from designer.training.settings import TrainingSettings, as_trained

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Engine, Row

    from designer.design import Design
    from designer.training.overview import RunOverview

_EASY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for one another


@dataclass(frozen=True)
class NewPoint:
    """A point to append; see ``MetricPoint`` for what the fields mean."""

    step: int
    epoch: int
    kind: str
    values: Mapping[str, float]


@dataclass(frozen=True)
class Control:
    """What a worker must know of what people want, a few times a second."""

    state: str
    settings: dict[str, Any]
    pause_after: int
    watch_layers: bool = False


class RunStore:
    """Runs, their points and events, in a database.

    Safe to share between threads; after a fork, open another.

    Args:
        address: SQLAlchemy address of the database; ``None`` takes ``default_address()``.

    Raises:
        RunError: the database cannot be opened.
    """

    def __init__(self, address: str | None = None):
        self.address = address or default_address()
        self._engine = open_database(self.address)

    # Making and reading runs

    def create(
        self,
        design: Design | Mapping[str, Any],
        settings: TrainingSettings | Mapping[str, Any],
        *,
        memory: int = 0,
        held: bool = False,
    ) -> Run:
        """Keep a new run and return it.

        Args:
            design: what is trained.
            settings: how.
            memory: bytes it is expected to need.
            held: whether this process executes it at once, past the queue.

        Raises:
            SettingsError: settings that make no sense.
        """
        from sqlalchemy import insert
        from sqlalchemy.exc import IntegrityError

        from designer.training.tables import runs

        if not isinstance(settings, TrainingSettings):
            settings = TrainingSettings.from_dict(settings)
        design_values = dict(design) if isinstance(design, Mapping) else design.to_dict()
        values: dict[str, Any] = {
            "created": time.time(),
            "design": design_values,
            "settings": settings.to_dict(),
            "state": states.QUEUED,
            "epochs": settings.epochs,
            "metrics": {},
            "home": this_home(),
            "memory": memory,
        }
        if held:
            values |= {"state": states.STARTING, **_held_by_me()}
        for _ in range(20):
            run = _new_id(str(design_values.get("template", "design")), settings.dataset)
            try:
                with self._engine.begin() as connection:
                    connection.execute(insert(runs).values(id=run, **values))
            except IntegrityError:
                continue  # the id is taken
            return self.run(run)
        raise RunError("No free name was found for the run.")

    def run(self, run: str) -> Run:
        """Return a run as it is now.

        Raises:
            RunError: there is no such run.
        """
        from sqlalchemy import select

        from designer.training.tables import runs

        with self._engine.connect() as connection:
            row = connection.execute(select(runs).where(runs.c.id == run)).first()
        if row is None:
            raise RunError(f"There is no run {run!r} in the run store.")
        return _run(row)

    def runs(self, states: Sequence[str] | None = None, limit: int | None = None) -> list[Run]:
        """Return runs, the newest first, all of them or those in some states."""
        from sqlalchemy import select

        from designer.training.tables import runs

        query = select(runs).order_by(runs.c.created.desc(), runs.c.id)
        if states is not None:
            query = query.where(runs.c.state.in_(list(states)))
        if limit is not None:
            query = query.limit(limit)
        with self._engine.connect() as connection:
            return [_run(row) for row in connection.execute(query)]

    def overview(self, ids: Iterable[str] | None = None) -> list[RunOverview]:
        """Return all runs, or some, as a list shows them: much lighter than ``runs``."""
        from designer.training.overview import read_overview

        with self._engine.connect() as connection:
            return read_overview(connection, ids)

    def queue(self) -> list[Run]:
        """Return the runs of this machine and home that wait for a worker, the next one first."""
        from sqlalchemy import select

        from designer.training.tables import runs

        query = (
            select(runs)
            .where(runs.c.state == states.QUEUED, _here(runs))
            .order_by(runs.c.created, runs.c.id)
        )
        with self._engine.connect() as connection:
            return [_run(row) for row in connection.execute(query)]

    def someone_waits(self) -> bool:
        """Return whether a run of this machine and home waits for a worker."""
        from sqlalchemy import select

        from designer.training.tables import runs

        query = select(runs.c.id).where(runs.c.state == states.QUEUED, _here(runs)).limit(1)
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def without_result(self) -> list[Run]:
        """Return the runs of this home that are over, and whose final figures nobody makes."""
        from sqlalchemy import select

        from designer.training.tables import runs

        query = select(runs).where(runs.c.result == states.PENDING, _here(runs))
        with self._engine.connect() as connection:
            found = [_run(row) for row in connection.execute(query)]
        return [run for run in found if run.is_over and _is_nobodys(run)]

    # What a worker writes

    def claim(self, run: str) -> bool:
        """Take a queued run for this process (queued → starting); False if it is not queued."""
        return self.move(run, [states.QUEUED], states.STARTING, **_held_by_me())

    def claim_result(self, run: Run) -> bool:
        """Take on the final figures of a run that is over; False if somebody else did."""
        from sqlalchemy import update

        from designer.training.tables import runs

        old = None if run.process is None else run.process.pid
        statement = (
            update(runs)
            .where(runs.c.id == run.id, runs.c.result == states.PENDING, runs.c.pid == old)
            .values(**_held_by_me())
        )
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount == 1

    def mark_running(self, run: str, steps: int, versions: Mapping[str, str]) -> bool:
        """Tell that training begins (starting → running), with the number of steps in all."""
        changes = {"steps": steps, "versions": dict(versions)}
        return self.move(run, [states.STARTING], states.RUNNING, **changes)

    def control(self, run: str) -> Control:
        """Return what people want of a run, without the rest of it.

        Raises:
            RunError: there is no such run any more.
        """
        from sqlalchemy import select

        from designer.training.tables import runs

        columns = (runs.c.state, runs.c.settings, runs.c.pause_after, runs.c.watch_layers)
        query = select(*columns).where(runs.c.id == run)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise RunError(f"The run {run!r} has been deleted.")
        return Control(
            row.state, as_trained(row.settings), row.pause_after or 0, bool(row.watch_layers)
        )

    def record(
        self,
        run: str,
        points: Iterable[NewPoint] = (),
        progress: Progress | None = None,
        *,
        durable: bool = False,
        **changes: Any,
    ) -> None:
        """Append points and renew the progress, in one transaction.

        Args:
            run: the run.
            points: to append.
            progress: how far it has come.
            durable: wait until it will survive a power cut (a checkpoint is about to rely on it).
            changes: other columns of the run to renew (``best_epoch``).
        """
        from sqlalchemy import insert, text, update

        from designer.training.tables import metrics, runs

        now = time.time()
        rows = [
            {
                "run": run,
                "step": point.step,
                "epoch": point.epoch,
                "kind": point.kind,
                "figures": _to_json_figures(point.values),
                "written": now,
            }
            for point in points
        ]
        if progress is not None:
            changes |= {
                "epoch": progress.epoch,
                "epochs": progress.epochs,
                "step": progress.step,
                "steps": progress.steps,
                "elapsed": progress.elapsed,
                "pace": progress.pace,
            }
        sqlite = self._engine.dialect.name == "sqlite"
        with self._engine.connect() as connection:
            if durable and sqlite:
                connection.execute(text("PRAGMA synchronous = FULL"))
                connection.commit()
            try:
                with connection.begin():
                    if rows:
                        connection.execute(insert(metrics), rows)
                    if changes:
                        connection.execute(update(runs).where(runs.c.id == run).values(**changes))
            finally:
                if durable and sqlite:
                    connection.execute(text("PRAGMA synchronous = NORMAL"))
                    connection.commit()

    def add_event(self, run: str, kind: str, step: int = 0, epoch: int = 0, **details: Any) -> None:
        """Write down that something happened to a run; see ``Event`` for the kinds."""
        from sqlalchemy import insert

        from designer.training.tables import events

        values = {"run": run, "kind": kind, "step": step, "epoch": epoch, "details": details}
        with self._engine.begin() as connection:
            connection.execute(insert(events).values(made=time.time(), **values))

    def forget_after(self, run: str, step: int, epoch: int) -> None:
        """Delete the points that are about to be made again: all later than a step, and those
        of epochs that are not done, as an epoch may be told of at the very step where the last
        checkpoint stands.

        Args:
            run: the run.
            step: steps done at the place from which it goes on.
            epoch: the epoch under way there.
        """
        from sqlalchemy import and_, delete, or_, update

        from designer.training.tables import events, layer_statistics, metrics, runs

        told_again = events.c.kind.in_(["early_stop", "learning_rate"])
        looks = layer_statistics.c
        with self._engine.begin() as connection:
            undone = and_(metrics.c.kind == EPOCH, metrics.c.epoch >= epoch)
            later = or_(metrics.c.step > step, undone)
            connection.execute(delete(metrics).where(metrics.c.run == run, later))
            undone = and_(events.c.step == step, events.c.epoch >= epoch)
            later = or_(events.c.step > step, undone)
            connection.execute(delete(events).where(events.c.run == run, told_again, later))
            connection.execute(update(runs).where(runs.c.id == run).values(step=step))
            connection.execute(delete(layer_statistics).where(looks.run == run, looks.step > step))

    def end(
        self,
        run: str,
        state: str,
        *,
        reason: str | None = None,
        metrics: Mapping[str, float] | None = None,
        result: str = "",
    ) -> bool:
        """Close a run (to finished, stopped or failed); False if it was closed already.

        Args:
            run: the run.
            state: how it ended.
            reason: why, in words, if it is not that all is done.
            metrics: the figures known by then.
            result: see ``Run.result``.
        """
        if state not in states.FINAL:
            raise ValueError(f"{state!r} is not a final state")
        changes: dict[str, Any] = {"reason": reason, "result": result, "pause_after": 0}
        if metrics is not None:
            changes["metrics"] = _to_json_figures(metrics)
        closed = self.move(run, [states.QUEUED, states.PAUSED, *states.UNDER_WAY], state, **changes)
        if closed:
            progress = self.run(run).progress
            self.add_event(run, state, progress.step, progress.epoch, reason=reason)
        return closed

    def keep_result(
        self, run: str, metrics: Mapping[str, float] | None = None, result: str = states.READY
    ) -> None:
        """Write the final figures of a run that is over, or why there are none."""
        from sqlalchemy import update

        from designer.training.tables import runs

        changes: dict[str, Any] = {"result": result}
        if metrics is not None:
            changes["metrics"] = _to_json_figures(metrics)
        with self._engine.begin() as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(**changes))

    # Curves and events

    def metrics(self, run: str, after: int = 0, kind: str | None = None) -> list[MetricPoint]:
        """Return the points of a run in the order written.

        Args:
            run: the run.
            after: only points whose ``row`` is larger: pass the last one seen to read on.
            kind: only ``"batch"`` or only ``"epoch"`` points.
        """
        from sqlalchemy import select

        from designer.training.tables import metrics

        query = (
            select(metrics).where(metrics.c.run == run, metrics.c.id > after).order_by(metrics.c.id)
        )
        if kind is not None:
            query = query.where(metrics.c.kind == kind)
        with self._engine.connect() as connection:
            return [
                MetricPoint(
                    row.id,
                    row.step,
                    row.epoch,
                    row.kind,
                    _from_json_figures(row.figures),
                    row.written,
                )
                for row in connection.execute(query)
            ]

    def events(self, run: str, after: int = 0) -> list[Event]:
        """Return what happened to a run, in order, later than row ``after``."""
        from sqlalchemy import select

        from designer.training.tables import events

        query = select(events).where(events.c.run == run, events.c.id > after).order_by(events.c.id)
        with self._engine.connect() as connection:
            return [
                Event(row.id, row.kind, row.step, row.epoch, dict(row.details), row.made)
                for row in connection.execute(query)
            ]

    # Housekeeping

    def rename(self, run: str, name: str) -> None:
        """Give a run a name; an empty one takes it away."""
        self._write(run, name=name.strip()[:200])

    def watch_layers(self, run: str, on: bool) -> None:
        """Ask for looks inside the layers of a run while it trains, or for no more of them."""
        self._write(run, watch_layers=on)

    def annotate(self, run: str, note: str) -> None:
        """Keep a note about a run."""
        self._write(run, note=note.strip()[:10_000])

    def delete(self, run: str) -> None:
        """Delete a run, its points, events and files.

        Raises:
            RunError: there is no such run, or a worker is at it.
        """
        from sqlalchemy import delete

        from designer.training.tables import events, layer_statistics, metrics, runs

        known = self.run(run)
        if known.state in states.UNDER_WAY and not known.is_interrupted:
            raise RunError(f"The run {run} is {known.state}: stop it first, then delete it.")
        with self._engine.begin() as connection:
            for table in (metrics, events, layer_statistics):
                connection.execute(delete(table).where(table.c.run == run))
            connection.execute(delete(runs).where(runs.c.id == run))
        shutil.rmtree(run_folder(run), ignore_errors=True)

    def move(self, run: str, sources: Sequence[str], target: str, **changes: Any) -> bool:
        """Change the state of a run if it is in one of ``sources``; return whether it was.

        ``held_by`` among the changes, a process number or ``None``, is asked for instead.
        """
        from sqlalchemy import update

        from designer.training.tables import runs

        statement = update(runs).where(runs.c.id == run, runs.c.state.in_(list(sources)))
        if "held_by" in changes:
            statement = statement.where(runs.c.pid == changes.pop("held_by"))
        with self._engine.begin() as connection:
            changed = connection.execute(statement.values(state=target, **changes)).rowcount
        return changed == 1

    @property
    def database(self) -> Engine:
        """The database, for what is kept beside the runs by modules of its own."""
        return self._engine

    def close(self) -> None:
        """Close the connections to the database."""
        self._engine.dispose()

    def _write(self, run: str, **changes: Any) -> None:
        from sqlalchemy import update

        from designer.training.tables import runs

        with self._engine.begin() as connection:
            changed = connection.execute(update(runs).where(runs.c.id == run).values(**changes))
        if changed.rowcount != 1:
            raise RunError(f"There is no run {run!r} in the run store.")


#: The columns that say which process holds a run, when none does.
HELD_BY_NOBODY: dict[str, Any] = {"host": None, "pid": None, "process_started": None}


def _held_by_me() -> dict[str, Any]:
    me = ProcessIdentity.current()
    return {"host": me.host, "pid": me.pid, "process_started": me.started}


def _is_nobodys(run: Run) -> bool:
    return run.process is None or run.process.is_gone()


def _here(runs: Any) -> ColumnElement[bool]:
    """Return the condition that a run's files are of this machine and home; runs that an
    earlier version queued do not say where theirs are."""
    from sqlalchemy import or_

    return or_(runs.c.home == this_home(), runs.c.home.is_(None))


def _new_id(template: str, dataset: str) -> str:
    tail = "".join(secrets.choice(_EASY_LETTERS) for _ in range(4))
    head = "".join(c if c.isalnum() or c in "_-" else "_" for c in f"{template}-{dataset}")
    return f"{head[:80]}-{tail}"


def _to_json_figures(values: Mapping[str, float]) -> dict[str, float | None]:
    """Return figures as strict JSON knows them: what is not finite becomes null."""
    return {name: float(value) if math.isfinite(value) else None for name, value in values.items()}


def _from_json_figures(values: Mapping[str, float | None]) -> dict[str, float]:
    return {name: math.nan if value is None else value for name, value in values.items()}


def _run(row: Row[Any]) -> Run:
    process = None
    if row.pid is not None:
        process = ProcessIdentity(row.host or "", row.pid, row.process_started or 0.0)
    return Run(
        id=row.id,
        created=moment(row.created),
        design=dict(row.design),
        settings=as_trained(row.settings),
        state=row.state,
        process=process,
        progress=Progress(row.epoch, row.epochs, row.step, row.steps, row.elapsed, row.pace or 0.0),
        reason=row.reason,
        metrics=_from_json_figures(row.metrics or {}),
        pause_after=row.pause_after or 0,
        memory=row.memory or 0,
        attempts=row.attempts or 0,
        result=row.result or "",
        best_epoch=row.best_epoch or 0,
        versions=dict(row.versions or {}),
        name=row.name or "",
        note=row.note or "",
        home=row.home or "",
        watch_layers=bool(row.watch_layers),
    )
