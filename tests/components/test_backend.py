"""The engine that all sessions share goes when the server does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from components import backend


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    words: list[str] = []
    made: Any = SimpleNamespace(close=lambda: words.append("closed"))
    monkeypatch.setattr(backend, "LocalEngine", lambda: made)
    monkeypatch.setattr(backend, "_open", [])
    monkeypatch.setattr(backend.atexit, "register", lambda _: None)
    backend.engine.clear()
    yield words
    backend.engine.clear()


def serve(visits: int) -> None:
    async def life() -> None:
        async with backend.while_serving(None):
            for _ in range(visits):
                backend.engine()

    asyncio.run(life())


def test_a_server_that_is_stopped_lets_its_engine_go(closed: list[str]) -> None:
    serve(visits=2)
    assert closed == ["closed"]


def test_a_server_nobody_has_visited_has_none(closed: list[str]) -> None:
    serve(visits=0)
    assert closed == []
