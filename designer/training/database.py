"""Opening the run store's database: SQLite made fit for many processes, or any other."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from designer.errors import RunError
from designer.paths import home

if TYPE_CHECKING:
    from sqlalchemy import Engine

ADDRESS_VARIABLE = "MODEL_DESIGNER_STORE"
BUSY_SECONDS = 30
"""How long a writer waits for its turn before it gives up."""


def default_address() -> str:
    """Return the address of the store: ``$MODEL_DESIGNER_STORE``, or a file in ``home()``."""
    return os.environ.get(ADDRESS_VARIABLE) or f"sqlite:///{home() / 'runs.sqlite'}"


def open_database(address: str) -> Engine:
    """Open a database, with all tables and columns made that it lacks.

    Raises:
        RunError: it cannot be opened; the address is named without its password.
    """
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
        if "requests" in there:  # an earlier version's; it would hold runs back from deletion
            connection.execute(text("DROP TABLE IF EXISTS requests"))


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
