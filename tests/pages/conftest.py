"""Pages with a stand-in for the engine, each test with a home of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from components import backend, data_view, training_form
from tests.pages.standin import StandIn


def forget_everything() -> None:
    for kept in (
        backend.engine,
        backend._checks,
        backend._followers,
        data_view._loads,
        training_form._estimates,
    ):
        kept.clear()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandIn]:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path))
    forget_everything()
    made = StandIn()
    monkeypatch.setattr(backend, "LocalEngine", lambda: made)
    yield made
    forget_everything()
    made.exports.close()
    made.store.close()
