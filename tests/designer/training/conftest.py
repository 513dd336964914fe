"""What the tests of runs share: an engine, and stores in SQLite and in a real PostgreSQL."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from designer.engine import LocalEngine
from designer.training import RunStore, request_stop
from designer.training.runs import PAUSED, QUEUED, UNDER_WAY

# For every process that a test here starts: runs need not be long to come to a checkpoint.
os.environ["MODEL_DESIGNER_CHECKPOINT_SECONDS"] = "2"


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine()
    engine.warm()
    yield engine
    for run in engine.store.runs([*UNDER_WAY, QUEUED, PAUSED]):
        request_stop(engine.store, run.id)
    engine.close()


@pytest.fixture(scope="session")
def new_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Return a function that makes a database in a real PostgreSQL server and returns its
    address."""
    pgserver = pytest.importorskip(
        "pgserver", reason="no PostgreSQL here: python -m pip install pgserver brings one"
    )
    pytest.importorskip("psycopg", reason="no driver for PostgreSQL: install psycopg[binary]")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    numbers = itertools.count()

    def new() -> str:
        name = f"runs{next(numbers)}"
        maker = create_engine(address, isolation_level="AUTOCOMMIT")
        with maker.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        maker.dispose()
        return address.replace("/postgres?", f"/{name}?")

    yield new
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunStore]:
    """Return an empty run store."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'runs.sqlite'}"
    else:
        address = request.getfixturevalue("new_postgresql")()
    store = RunStore(address)
    yield store
    store.close()
