"""The page's one door to everything that needs TensorFlow: one engine for all sessions."""

from __future__ import annotations

import atexit
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from anyio import to_thread

from designer.design import Design
from designer.engine import LocalEngine
from designer.training.following import FollowedRun, Followers

#: The engines that were made; one, in a server.
_open: list[LocalEngine] = []

#: Answers of Keras that are kept; a design that was checked is not built again.
MOST_CHECKS = 500


@st.cache_resource(show_spinner=False)
def engine() -> LocalEngine:
    """Return the engine; its worker processes start when they are first needed."""
    made = LocalEngine()
    _open.append(made)
    atexit.register(made.close)
    return made


@asynccontextmanager
async def while_serving(_app: object) -> AsyncIterator[None]:
    """Do nothing while the server is up; let the engine go as it is stopped: a signal ends the
    process without another word."""
    yield
    for made in _open:
        await to_thread.run_sync(made.close)


@st.cache_resource(show_spinner=False)
def _checks() -> dict[str, Future[dict[str, Any]]]:
    return {}


def keras_check(design: Design) -> Future[dict[str, Any]]:
    """Return Keras's answer to a design, asked for in the background."""
    checks, question = _checks(), design.to_json()
    if question not in checks:
        while len(checks) >= MOST_CHECKS:
            checks.pop(next(iter(checks)))
        checks[question] = engine().submit("check", timeout=180, design=design.to_dict())
    return checks[question]


def forget_check(design: Design) -> None:
    """Forget an answer, so that it is asked for again."""
    _checks().pop(design.to_json(), None)


@st.cache_resource(show_spinner=False)
def _followers() -> Followers:
    return Followers(engine().store)


def follow(run: str) -> FollowedRun:
    """Return a run as it goes on; all sessions that watch it share what is read of it.

    Raises:
        RunError: there is no such run.
    """
    return _followers().follow(run)
