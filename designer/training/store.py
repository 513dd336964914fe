"""The run store: where runs, their curves and what is asked of them are kept.

Many processes use it at once: pages read, workers write. SQLite by default, in
write-ahead mode, so that readers never wait for writers; any database that SQLAlchemy
reaches can be named instead. Every change is one short transaction that begins with its
write, and every change of state names the states it may come from, so that two
processes never both believe they made it.
"""

from __future__ import annotations

import math
import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from designer.errors import RunError
from designer.paths import home
from designer.training import runs as states
from designer.training.processes import ProcessIdentity
from designer.training.runs import MetricPoint, Progress, Request, Run, moment
from designer.training.settings import TrainingSettings

if TYPE_CHECKING:
    from sqlalchemy import Engine, Row

    from designer.design import Design

ADDRESS_VARIABLE = "MODEL_DESIGNER_STORE"
BUSY_SECONDS = 30
"""How long a writer waits for its turn before it gives up."""

_EASY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for one another


def default_address() -> str:
    """Return the address of the store: ``$MODEL_DESIGNER_STORE``, or a file in ``home()``."""
    return os.environ.get(ADDRESS_VARIABLE) or f"sqlite:///{home() / 'runs.sqlite'}"


@dataclass(frozen=True)
class NewPoint:
    """A point to append; see ``MetricPoint`` for what the fields mean."""

    step: int
    epoch: int
    kind: str
    values: Mapping[str, float]


class RunStore:
    """Runs and their metrics, in a database.

    Safe to share between threads; after a fork, open another.

    Args:
        address: SQLAlchemy address of the database; ``None`` takes ``default_address()``.

    Raises:
        RunError: the database cannot be opened.
    """

    def __init__(self, address: str | None = None):
        self.address = address or default_address()
        self._engine = _open(self.address)

    # Making and reading runs

    def create(
        self, design: Design | Mapping[str, Any], settings: TrainingSettings | Mapping[str, Any]
    ) -> Run:
        """Keep a new run, queued, to be started by this process, and return it.

        Raises:
            SettingsError: settings that make no sense.
        """
        from sqlalchemy import insert
        from sqlalchemy.exc import IntegrityError

        from designer.training.tables import runs

        if not isinstance(settings, TrainingSettings):
            settings = TrainingSettings.from_dict(settings)
        design_values = dict(design) if isinstance(design, Mapping) else design.to_dict()
        me = ProcessIdentity.current()
        values = {
            "created": time.time(),
            "design": design_values,
            "settings": settings.to_dict(),
            "state": states.QUEUED,
            "host": me.host,
            "pid": me.pid,
            "process_started": me.started,
            "epochs": settings.epochs,
            "metrics": {},
        }
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

    # What a worker writes

    def claim(self, run: str) -> bool:
        """Take a queued run for this process (queued → starting); False if it is not queued."""
        me = ProcessIdentity.current()
        return self._move(
            run,
            [states.QUEUED],
            states.STARTING,
            host=me.host,
            pid=me.pid,
            process_started=me.started,
        )

    def mark_running(self, run: str, steps: int) -> bool:
        """Tell that training begins (starting → running), with the number of steps in all."""
        return self._move(run, [states.STARTING], states.RUNNING, steps=steps)

    def record(
        self, run: str, points: Iterable[NewPoint] = (), progress: Progress | None = None
    ) -> None:
        """Append points and renew the progress, in one transaction."""
        from sqlalchemy import insert, update

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
        with self._engine.begin() as connection:
            if rows:
                connection.execute(insert(metrics), rows)
            if progress is not None:
                connection.execute(
                    update(runs)
                    .where(runs.c.id == run)
                    .values(
                        epoch=progress.epoch,
                        epochs=progress.epochs,
                        step=progress.step,
                        steps=progress.steps,
                        elapsed=progress.elapsed,
                        pace=progress.pace,
                    )
                )

    def end(
        self,
        run: str,
        state: str,
        *,
        reason: str | None = None,
        metrics: Mapping[str, float] | None = None,
    ) -> bool:
        """Close a run (to finished, stopped or failed); False if it was closed already."""
        if state not in states.FINAL:
            raise ValueError(f"{state!r} is not a final state")
        changes: dict[str, Any] = {"reason": reason}
        if metrics is not None:
            changes["metrics"] = _to_json_figures(metrics)
        return self._move(run, [states.QUEUED, *states.UNDER_WAY], state, **changes)

    # Curves

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

    # What people ask of a run

    def request_stop(self, run: str) -> Run:
        """Ask a run to stop, and return it as it then is.

        A queued run is stopped at once; one under way goes to ``stopping`` and its worker
        ends it; one that is over stays as it is.

        Raises:
            RunError: there is no such run.
        """
        from sqlalchemy import insert

        from designer.training.tables import requests

        reason = "Stopped before it started."
        if self._move(run, [states.QUEUED], states.STOPPED, reason=reason):
            return self.run(run)
        if self._move(run, [states.STARTING, states.RUNNING], states.STOPPING):
            with self._engine.begin() as connection:
                connection.execute(
                    insert(requests).values(run=run, kind="stop", arguments={}, made=time.time())
                )
        return self.run(run)

    def requests(self, run: str, after: int = 0) -> list[Request]:
        """Return what was asked of a run, in order, later than row ``after``."""
        from sqlalchemy import select

        from designer.training.tables import requests

        query = (
            select(requests)
            .where(requests.c.run == run, requests.c.id > after)
            .order_by(requests.c.id)
        )
        with self._engine.connect() as connection:
            return [
                Request(row.id, row.kind, dict(row.arguments)) for row in connection.execute(query)
            ]

    # Runs whose process is gone

    def mend_dead_runs(self) -> list[Run]:
        """Fail the runs under way whose worker process is gone, and return them."""
        mended = []
        for run in self.runs(states.UNDER_WAY):
            if run.process is None or not run.process.is_gone():
                continue
            reason = (
                f"The worker process ended before the run did (in epoch {run.progress.epoch} of "
                f"{run.progress.epochs}): it was killed, ran out of memory, or the machine "
                "went down. The curve up to there is kept; start the run again to go on."
            )
            if self.end(run.id, states.FAILED, reason=reason):
                mended.append(self.run(run.id))
        return mended

    def adopt_queued_runs(self) -> list[Run]:
        """Take over the queued runs of this machine whose process is gone, the oldest first."""
        me = ProcessIdentity.current()
        adopted = []
        for run in reversed(self.runs([states.QUEUED])):
            gone = run.process
            if gone is None or not gone.is_gone():
                continue
            changes = {"pid": me.pid, "process_started": me.started}
            if self._move(run.id, [states.QUEUED], states.QUEUED, held_by=gone.pid, **changes):
                adopted.append(self.run(run.id))
        return adopted

    def close(self) -> None:
        """Close the connections to the database."""
        self._engine.dispose()

    def _move(
        self,
        run: str,
        sources: Sequence[str],
        target: str,
        held_by: int | None = None,
        **changes: Any,
    ) -> bool:
        """Change the state of a run if it is in one of ``sources``; return whether it was."""
        from sqlalchemy import update

        from designer.training.tables import runs

        statement = update(runs).where(runs.c.id == run, runs.c.state.in_(list(sources)))
        if held_by is not None:
            statement = statement.where(runs.c.pid == held_by)
        with self._engine.begin() as connection:
            changed = connection.execute(statement.values(state=target, **changes)).rowcount
        return changed == 1


def _open(address: str) -> Engine:
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

    try:
        if address.startswith("sqlite"):
            engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
            event.listen(engine, "connect", _prepare_sqlite)
        else:
            engine = create_engine(address, pool_pre_ping=True)
        _with_patience(lambda: _make_tables(engine), DBAPIError)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, DBAPIError) as error:
        line = str(error).strip().splitlines()[0]
        shown = _without_password(address)
        raise RunError(
            f"The run store at {shown} cannot be opened: {line}. Set {ADDRESS_VARIABLE} to the "
            "address of a database, such as sqlite:////folder/runs.sqlite."
        ) from error
    return engine


def _without_password(address: str) -> str:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(address).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return "the address given"


def _make_tables(engine: Engine) -> None:
    """Make what is not there yet: tables, and columns that an earlier version did not know."""
    from sqlalchemy import inspect, text
    from sqlalchemy.schema import CreateIndex, CreateTable

    from designer.training.tables import schema

    with engine.begin() as connection:
        known = inspect(connection)
        there = set(known.get_table_names())
        for table in schema.sorted_tables:
            if table.name not in there:
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(CreateIndex(index, if_not_exists=True))
                continue
            columns = {column["name"] for column in known.get_columns(table.name)}
            for column in table.columns:
                if column.name not in columns:
                    kind = column.type.compile(engine.dialect)
                    connection.execute(
                        text(f'ALTER TABLE {table.name} ADD COLUMN "{column.name}" {kind}')
                    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Set a new SQLite connection up: readers beside a writer, and waiting for one's turn."""
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        # The change of mode does not wait for its turn by itself when many open at once.
        import sqlite3

        _with_patience(
            lambda: connection.execute("PRAGMA journal_mode = WAL"), sqlite3.OperationalError
        )
    # In write-ahead mode NORMAL cannot corrupt; a power cut may lose the last moments.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _with_patience(act: Callable[[], object], expected: type[Exception]) -> None:
    """Do something that may collide with the same thing in other processes."""
    for attempt in range(10):
        try:
            act()
            return
        except expected:
            if attempt == 9:
                raise
            time.sleep(0.02 * (attempt + 1) + secrets.randbelow(20) / 1000)


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
        settings=dict(row.settings),
        state=row.state,
        process=process,
        progress=Progress(row.epoch, row.epochs, row.step, row.steps, row.elapsed, row.pace or 0.0),
        reason=row.reason,
        metrics=_from_json_figures(row.metrics or {}),
    )
