"""The engine that the tests of real runs share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from designer.engine import LocalEngine
from designer.training import request_stop
from designer.training.runs import PAUSED, QUEUED, UNDER_WAY


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine()
    engine.warm()
    yield engine
    for run in engine.store.runs([*UNDER_WAY, QUEUED, PAUSED]):
        request_stop(engine.store, run.id)
    engine.close()
