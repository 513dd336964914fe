"""The door to the worker processes: answers, errors, deaths, time limits."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from designer.engine import LocalEngine, WorkerError
from designer.errors import DesignerError, DesignError
from designer.paths import home


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    patch = pytest.MonkeyPatch()
    patch.setenv("PYTHONPATH", str(Path(__file__).parent))
    engine = LocalEngine(preload=False)
    yield engine
    engine.close()
    patch.undo()


def job(name: str) -> str:
    return f"worker_jobs:{name}"


def test_a_job_gets_its_arguments_and_gives_its_result(engine: LocalEngine) -> None:
    arguments = {"text": "é × \n", "figures": [1, 2.5, None], "deep": {"a": True}}
    assert engine.submit(job("echo"), **arguments).result(30) == arguments
    assert engine.submit("ping").result(30) == "pong"


def test_what_a_job_prints_cannot_corrupt_the_answers(engine: LocalEngine) -> None:
    assert engine.submit(job("noisy")).result(30) == "the true answer"
    assert engine.submit("ping").result(30) == "pong"
    log = (home() / "logs" / "helper.log").read_bytes()
    assert b"garbage" in log
    assert b"a child of the worker prints too" in log


def test_an_error_for_people_crosses_as_itself(engine: LocalEngine) -> None:
    with pytest.raises(DesignError, match="too large") as caught:
        engine.submit(job("bad_design")).result(30)
    assert (caught.value.field, caught.value.layer) == ("strides", "group1_conv")


def test_a_mistake_crosses_as_one_line_and_its_traceback_is_logged(engine: LocalEngine) -> None:
    with pytest.raises(WorkerError, match="unexpected") as caught:
        engine.submit(job("bug")).result(30)
    assert "KeyError" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "Traceback" in (home() / "logs" / "helper.log").read_text(errors="replace")
    with pytest.raises(WorkerError, match="JSON serializable"):
        engine.submit(job("not_json")).result(30)
    with pytest.raises(DesignerError, match=r"no job 'chek'\. Did you mean 'check'"):
        engine.submit("chek").result(30)
    with pytest.raises(TypeError, match="JSON serializable"):
        engine.submit(job("echo"), figure=object()).result(30)
    assert engine.submit("ping").result(30) == "pong"


def test_a_worker_that_dies_fails_its_job_and_is_replaced(engine: LocalEngine) -> None:
    with pytest.raises(WorkerError, match="signal 9: killed, most often for memory"):
        engine.submit(job("die")).result(30)
    before = engine.submit(job("process")).result(30)["pid"]
    sleeping, waiting = engine.submit(job("sleep"), seconds=60), engine.submit("ping")
    while not sleeping.running():
        time.sleep(0.01)
    os.kill(before, signal.SIGKILL)
    with pytest.raises(WorkerError, match="signal 9"):
        sleeping.result(30)
    assert waiting.result(30) == "pong", "the job behind it is done by a new worker"
    after = engine.submit(job("process")).result(30)["pid"]
    assert after != before
    os.kill(after, signal.SIGKILL)  # while idle: nobody need ever know
    time.sleep(0.2)
    assert engine.submit("ping").result(30) == "pong"


def test_a_job_that_takes_too_long_is_ended(engine: LocalEngine) -> None:
    engine.submit("ping").result(30)
    begun = time.monotonic()
    with pytest.raises(WorkerError, match=r"took longer than 0\.5 s"):
        engine.submit(job("sleep"), timeout=0.5, seconds=60).result(30)
    assert time.monotonic() - begun < 5
    assert engine.submit("ping").result(30) == "pong"


def test_a_worker_has_a_session_of_its_own(engine: LocalEngine) -> None:
    assert engine.submit(job("process")).result(30)["session"] != os.getsid(0)


def test_a_waiting_job_can_be_cancelled(engine: LocalEngine) -> None:
    first, second = engine.submit(job("sleep"), seconds=0.5), engine.submit(job("die"))
    assert second.cancel()
    assert first.result(30) == "slept"
    assert engine.submit("ping").result(30) == "pong"


def test_exports_keep_nobody_else_waiting(engine: LocalEngine) -> None:
    token = engine.exports.ask(
        {"design": {}, "format": "none"}, title="", file_name="a.zip", asker="ann"
    )
    assert engine.exports is engine.exports
    assert engine.submit("ping").result(30) == "pong"
    deadline = time.monotonic() + 30
    while (status := engine.exports.look(token)) and not status.record.ended:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert status is not None
    assert "none" in status.record.error
    pids = engine.worker_pids()
    assert pids["exporter"]
    assert pids["exporter"] != pids["helper"]
    engine.exports.give_up(token, "ann")


def test_a_closed_engine_says_so_and_lets_its_workers_go() -> None:
    engine = LocalEngine(preload=False)
    assert engine.submit("ping").result(30) == "pong"
    (pid,) = engine.worker_pids()["helper"]
    engine.close()
    engine.close()
    with pytest.raises(WorkerError, match="closed"):
        engine.submit("ping")
    deadline = time.monotonic() + 10
    while engine.worker_pids()["helper"] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert engine.worker_pids()["helper"] == [], f"worker {pid} is still there"
