"""Exports wait their turn: none is lost, none is made twice, nothing is left behind."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

from designer import Design
from designer.engine.export_queue import MOST_OF_ONE, ExportQueue, ExportStatus
from designer.engine.export_records import (
    FAILED,
    READY,
    RUNNING,
    WAITING,
    ExportRecord,
    exports_folder,
    question_of,
    read_record,
    records,
)
from designer.engine.export_sweeping import sweep
from designer.engine.lane import Lane
from designer.engine.locking import ProcessLock
from designer.errors import ExportError

ANN, BOB = "ann", "bob"
DAY = 24 * 3600.0

Found = TypeVar("Found")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    return tmp_path


@pytest.fixture
def lane() -> Lane:
    return Lane("exporter", 1, False, {})


@pytest.fixture
def queue(home: Path, lane: Lane) -> Iterator[ExportQueue]:
    made = ExportQueue(lane, "export_jobs:export")
    yield made
    made.close()


def ask(queue: ExportQueue, words: str, asker: str = ANN, **job: object) -> str:
    return queue.ask({"words": words, **job}, title=words, file_name=f"{words}.zip", asker=asker)


def wait_for(queue: ExportQueue, token: str, state: str) -> ExportStatus:
    return wait_until(
        lambda: found if (found := queue.look(token)) and found.state == state else None,
        f"{token} {state}",
    )


def wait_until(look: Callable[[], Found | None], what: str, seconds: float = 60) -> Found:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.01)
    raise AssertionError(f"not within {seconds} s: {what}")


def leftovers() -> list[str]:
    return [path.name for path in exports_folder().rglob(".*.making-*")]


def begun() -> list[str]:
    return (exports_folder() / "begun.txt").read_text().split()


def test_twenty_at_once_are_made_one_after_the_other(queue: ExportQueue) -> None:
    tokens = [ask(queue, f"model{number}", seconds=0.02) for number in range(20)]
    assert len(set(tokens)) == 20
    places = [queue.look(token).place for token in tokens]  # type: ignore[union-attr]
    assert places == sorted(places)
    assert places[-1] >= 15, "the last one is told how many are before it"
    for number, token in enumerate(tokens):
        made = wait_for(queue, token, READY).record
        assert made.path.read_text() == f"model{number}"
    assert begun() == [f"model{number}" for number in range(20)]
    assert leftovers() == []


def test_one_that_fails_says_why_and_the_next_goes_on(queue: ExportQueue) -> None:
    dying, refused, good = (
        ask(queue, "a", end="die"), ask(queue, "b", end="refuse"), ask(queue, "c")
    )  # fmt: skip
    assert "signal 9: killed, most often for memory" in wait_for(queue, dying, FAILED).record.error
    assert "predicts otherwise" in wait_for(queue, refused, FAILED).record.error
    assert wait_for(queue, good, READY).record.path.read_text() == "c"
    assert leftovers() == []
    # What failed is tried again when it is asked for again.
    assert ask(queue, "b", end="refuse") != refused


def test_a_worker_that_is_killed_in_the_middle_leaves_nothing(
    queue: ExportQueue, lane: Lane
) -> None:
    long, next_one = ask(queue, "long", seconds=60), ask(queue, "next")
    wait_until(leftovers, "it is half made")
    (pid,) = lane.pids()
    os.kill(pid, signal.SIGKILL)
    assert "signal 9" in wait_for(queue, long, FAILED).record.error
    wait_for(queue, next_one, READY)
    assert leftovers() == []


def test_the_same_asked_for_twice_is_made_once(queue: ExportQueue) -> None:
    first, second = ask(queue, "same", seconds=0.3), ask(queue, "same", BOB, seconds=0.3)
    assert first == second
    wait_for(queue, first, READY)
    assert ask(queue, "same", "carol", seconds=0.3) == first, "and not again when it is there"
    assert begun() == ["same"]
    record = read_record(first)
    assert record is not None
    assert record.askers == (ANN, BOB, "carol")
    assert [one.record.token for one in queue.of(BOB)] == [first]


def test_a_run_that_went_on_is_another_question(queue: ExportQueue, tmp_path: Path) -> None:
    model = tmp_path / "model.keras"
    model.write_bytes(b"1")
    before = question_of({"model_file": str(model)}, "a.zip")
    assert before == question_of({"model_file": str(model)}, "a.zip")
    model.write_bytes(b"22")
    assert before != question_of({"model_file": str(model)}, "a.zip")


def test_a_waiting_one_that_is_given_up_is_not_begun(queue: ExportQueue) -> None:
    first, second, third = ask(queue, "a", seconds=0.4), ask(queue, "b"), ask(queue, "c")
    queue.give_up(second, BOB)
    assert queue.look(second) is not None, "it is not his"
    queue.give_up(second, ANN)
    assert queue.look(second) is None
    wait_for(queue, third, READY)
    assert begun() == ["a", "c"]
    assert {record.token for record in records()} == {first, third}


def test_one_under_way_that_is_given_up_is_ended(queue: ExportQueue, lane: Lane) -> None:
    long = ask(queue, "long", seconds=60)
    ask(queue, "long", BOB, seconds=60)
    wait_until(leftovers, "it is half made")
    assert wait_for(queue, long, RUNNING).place == 0
    queue.give_up(long, ANN)
    assert wait_for(queue, long, RUNNING).record.askers == (BOB,), "somebody else waits for it"
    queue.give_up(long, BOB)
    wait_until(lambda: queue.look(long) is None, "it is gone")
    assert list(records()) == []
    assert leftovers() == []
    wait_for(queue, ask(queue, "next"), READY)


def test_what_a_server_leaves_undone_the_next_one_takes_up(home: Path) -> None:
    first_lane = Lane("exporter", 1, False, {})
    first = ExportQueue(first_lane, "export_jobs:export")
    ready = ask(first, "ready")
    wait_for(first, ready, READY)
    under_way, waiting = ask(first, "under_way", seconds=0.5), ask(first, "waiting")
    wait_until(leftovers, "it is half made")
    # Another server that is at work beside it takes nothing away.
    beside = ExportQueue(Lane("beside", 1, False, {}), "export_jobs:export")
    assert beside.look(waiting).state == WAITING  # type: ignore[union-attr]
    beside.close()
    first.close()
    assert leftovers() == []

    second = ExportQueue(Lane("exporter", 1, False, {}), "export_jobs:export")
    for token, words in ((under_way, "under_way"), (waiting, "waiting"), (ready, "ready")):
        assert wait_for(second, token, READY).record.path.read_text() == words
    assert begun() == ["ready", "under_way", "under_way", "waiting"]
    second.close()
    with pytest.raises(ExportError, match="being stopped"):
        ask(second, "late")


SERVER = """
import sys, time
from designer.engine.export_queue import ExportQueue
from designer.engine.lane import Lane
queue = ExportQueue(Lane("exporter", 1, False, {}), "export_jobs:export")
for words, seconds in (("long", 1.5), ("waiting", 0.0)):
    job = {"words": words, "seconds": seconds}
    print(queue.ask(job, title="", file_name=f"{words}.zip", asker="ann"), flush=True)
time.sleep(60)
"""


def test_what_a_killed_server_leaves_undone_is_taken_up_too(home: Path) -> None:
    root = str(Path(__file__).resolve().parents[3])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, str(Path(__file__).parent)])}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert server.stdout is not None
    tokens = [server.stdout.readline().strip() for _ in range(2)]
    wait_until(leftovers, "it is half made")
    (worker,) = psutil.Process(server.pid).children()
    server.kill()
    server.wait()
    server.stdout.close()
    queue = ExportQueue(Lane("exporter", 1, False, {}), "export_jobs:export")
    for token, words in zip(tokens, ("long", "waiting"), strict=True):
        assert wait_for(queue, token, READY).record.path.read_text() == words
    psutil.wait_procs([worker], timeout=30)  # it ends by itself, and spoils nothing
    assert leftovers() == []
    assert all(queue.look(token).record.is_there for token in tokens)  # type: ignore[union-attr]
    queue.close()


def test_what_ends_the_server_again_and_again_is_not_begun_for_ever(home: Path) -> None:
    first = ExportQueue(Lane("exporter", 1, False, {}), "export_jobs:export")
    killer, waiting = ask(first, "killer", seconds=60), ask(first, "waiting")
    wait_until(leftovers, "it is half made")
    assert [read_record(token).attempts for token in (killer, waiting)] == [1, 0]  # type: ignore[union-attr]
    first.close()
    record = read_record(killer)
    assert record is not None
    assert record.attempts == 0, "a server that was stopped in good order does not count"

    replace(record, attempts=2).save()  # as two that were killed leave it
    second = ExportQueue(Lane("exporter", 1, False, {}), "export_jobs:export")
    found = second.look(killer)
    assert found is not None
    assert found.state == FAILED
    assert "The server ended 2 times while this was made" in found.record.error
    wait_for(second, waiting, READY)
    second.close()
    assert begun()[-1] == "waiting"
    assert begun().count("killer") <= 1, "the second one left it alone"


def test_a_disk_that_fills_up_leaves_nothing_that_waits(
    queue: ExportQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device", str(exports_folder()))

    monkeypatch.setattr(ExportRecord, "new_place", full)
    with pytest.raises(ExportError, match="No space left on device") as told:
        ask(queue, "a")
    assert str(exports_folder()) not in str(told.value)
    assert list(records()) == []
    assert queue.of(ANN) == []
    monkeypatch.undo()


def test_an_orphan_that_finds_no_room_is_taken_up_later(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ExportQueue(Lane("exporter", 1, False, {}), "export_jobs:export")
    ask(first, "long", seconds=60)
    waiting = ask(first, "waiting")
    first.close()

    def full(*_: object) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ExportRecord, "new_place", full)
        ExportQueue(Lane("exporter", 1, False, {}), "export_jobs:export").close()
    record = read_record(waiting)
    assert record is not None
    lock = ProcessLock(record.lock)
    assert lock.take(), "the next look may have it"
    lock.give()


def test_one_asker_cannot_fill_the_queue(queue: ExportQueue) -> None:
    ask(queue, "first", seconds=60)
    for number in range(MOST_OF_ONE - 1):
        ask(queue, f"model{number}")
    with pytest.raises(ExportError, match="25 of your exports wait already"):
        ask(queue, "one more")
    assert ask(queue, "one more", BOB)


def test_seconds_are_since_it_was_begun_whoever_looks(queue: ExportQueue) -> None:
    token = ask(queue, "long", seconds=60)
    wait_until(leftovers, "it is half made")
    time.sleep(0.1)
    status = queue.look(token)
    assert status is not None
    assert status.state == RUNNING
    assert status.seconds >= 0.1


def test_one_that_is_done_but_not_written_down_is_not_said_to_wait(home: Path) -> None:
    class DoneAtOnce(Lane):
        def submit(
            self,
            job: str,
            arguments: dict[str, Any],
            timeout: float | None,
            begun: Callable[[], None] | None = None,
        ) -> Future[Any]:
            assert begun is not None
            begun()
            made: Future[Any] = Future()
            made.set_result({})
            made.add_done_callback = lambda _: None  # type: ignore[method-assign, assignment]
            return made

    queue = ExportQueue(DoneAtOnce("exporter", 1, False, {}))
    status = queue.look(ask(queue, "a"))
    assert status is not None
    assert status.state == RUNNING
    queue.close()


def test_what_went_wrong_is_told_without_the_servers_paths(queue: ExportQueue) -> None:
    tokens = [ask(queue, "a", end=end) for end in ("full", "no room", "crash", "exit")]
    errors = [wait_for(queue, token, FAILED).record.error for token in tokens]
    assert errors[0] == "a.zip cannot be written: the disk is full. Make room on it."
    assert errors[1] == "The export needs 9 GB of disk; the server's disk has 1 GB left."
    assert errors[2].endswith("(the details are in the server's log).")
    assert errors[3].endswith("its last words are in the server's log).")
    for error in errors:
        assert str(exports_folder().parent.parent) not in error


def test_old_ones_and_leftovers_are_thrown_away(queue: ExportQueue) -> None:
    old, new = ask(queue, "old"), ask(queue, "new")
    wait_for(queue, new, READY)
    made = queue.look(old)
    assert made is not None
    replace(made.record, ended=time.time() - DAY - 60).save()
    half = exports_folder() / ("f" * 32)
    half.mkdir()
    (half / ".x.zip.making-1").mkdir()
    package = exports_folder() / "of-an-earlier-version.zip"
    package.write_bytes(b"")
    for path, age in ((half, 120), (package, DAY + 60)):
        os.utime(path, (time.time() - age,) * 2)
    sweep()
    assert {path.name for path in exports_folder().iterdir()} == {new, "begun.txt"}
    assert queue.look(old) is None


def test_all_together_take_no_more_than_they_may(queue: ExportQueue) -> None:
    tokens = [ask(queue, f"model{number}", seconds=number / 1e6) for number in range(4)]
    for token in tokens:
        wait_for(queue, token, READY)
    two = sum(
        file.stat().st_size
        for token in tokens[-2:]
        for file in (exports_folder() / token).rglob("*")
        if file.is_file()
    )
    sweep(most_bytes=two)
    assert [queue.look(token) is not None for token in tokens] == [False, False, True, True]
    sweep(most_bytes=1)
    assert queue.look(tokens[-1]) is not None, "the newest is kept, however large"


@pytest.mark.parametrize("token", ["", "..", "../" * 8, "f" * 32, "F" * 32, None, 7])
def test_nothing_is_found_by_a_name_that_is_none(home: Path, token: object) -> None:
    assert read_record(token) is None


def test_a_record_cannot_point_out_of_its_folder(queue: ExportQueue) -> None:
    token = ask(queue, "good")
    record = wait_for(queue, token, READY).record
    replace(record, file="../../../runs/secret").save()
    assert read_record(token) is None


def tiny(units: int, format: str) -> dict[str, object]:
    return {"design": Design.from_template("dnn", hidden=[units]).to_dict(), "format": format}


def test_twenty_real_ones_are_all_made(home: Path) -> None:
    queue = ExportQueue(Lane("exporter", 1, False, {}))
    tokens = {
        units: queue.ask(
            tiny(units, "design"),
            title="DNN",
            file_name=f"dnn{units}.json",
            asker=f"no. {units}",
        )
        for units in range(1, 21)
    }
    for units, token in tokens.items():
        record = wait_for(queue, token, READY).record
        held = Design.from_json(record.path.read_text())
        assert held["hidden"] == (units,)
        assert hashlib.sha256(record.path.read_bytes()).hexdigest() == record.result["sha256"]
        assert [one.record.token for one in queue.of(f"no. {units}")] == [token]
    assert leftovers() == []
    queue.close()


@pytest.mark.keras
def test_a_real_one_whose_worker_is_killed_leaves_nothing(home: Path) -> None:
    lane = Lane("exporter", 1, False, {})
    queue = ExportQueue(lane)
    killed = queue.ask(
        tiny(10, "saved_model"), title="DNN", file_name="dnn-saved_model.zip", asker=ANN
    )
    after = queue.ask(tiny(10, "design"), title="DNN", file_name="dnn.json", asker=ANN)
    wait_until(leftovers, "it is half made")
    (pid,) = lane.pids()
    worker = psutil.Process(pid)
    # It has begun a fresh process of its own, which must not outlive it for long.
    (fresh,) = wait_until(worker.children, "the fresh process that proves it")
    worker.kill()
    assert "signal 9" in wait_for(queue, killed, FAILED).record.error
    assert wait_for(queue, after, READY).record.path.is_file()
    assert leftovers() == []
    _, alive = psutil.wait_procs([fresh], timeout=60)
    assert not alive
    queue.close()
