"""Who a browser is, and where its person stands in bringing data along."""

from __future__ import annotations

import io
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components import own_data_review, own_data_state, owner
from components.history_rows import dataset_title
from components.own_data_state import Bringing
from designer.datasets.own import Choices, delete, own_data, owner_of_token, receive
from designer.errors import DatasetError
from tests.components.sessions import session_of

MARK = "0123456789abcdef" * 2


class Worker:
    """Does the job at once, or fails as it is told."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def submit(self, job: str, timeout: float, **arguments: Any) -> Future[Any]:
        assert job == "own_data"
        future: Future[Any] = Future()
        try:
            if self.error is not None:
                raise self.error
            future.set_result(own_data(**arguments))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path / "home"))
    made = session_of(monkeypatch, owner, own_data_state)
    made.context.cookies = {}
    return made


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, session: SimpleNamespace) -> Worker:
    made = Worker()
    monkeypatch.setattr(own_data_state, "engine", lambda: made)
    session.context.cookies["model_designer_owner"] = MARK
    return made


def test_a_browser_is_known_by_its_cookie_or_by_what_it_says(session: SimpleNamespace) -> None:
    assert owner.owner() is None
    session.context.cookies["model_designer_owner"] = MARK
    assert owner.owner() == owner_of_token(MARK)
    session.session_state["owner"] = {"mark": "f" * 32}
    assert owner.owner() == owner_of_token("f" * 32)
    session.session_state["owner"] = {"mark": "../../etc/passwd"}
    assert owner.owner() == owner_of_token(MARK)


def test_a_browser_is_asked_only_while_it_is_not_known(
    session: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, bool]] = []
    monkeypatch.setattr(owner, "_mount", lambda data, **_: asked.append(data))
    owner.ask_owner()
    session.context.cookies["model_designer_owner"] = MARK
    owner.ask_owner()
    assert asked == [{"known": False}, {"known": True}]


def test_a_file_becomes_a_data_set_of_this_browser(worker: Worker) -> None:
    state = Bringing()
    state.take(receive(io.BytesIO(b"a,y\n1,p\n2,q\n3,p\n4,q\n"), "t.csv"))
    assert not state.look()
    assert state.draft is not None
    assert state.draft.examples == 4
    state.keep(Choices(title="mine"))
    assert not state.look()
    assert [info.title for info in own_data_state.own_list()] == ["mine"]
    assert own_data_state.own_list()[0].name == state.kept
    assert state.draft is None


def test_the_history_calls_a_data_set_as_its_owner_does_and_tells_others_nothing(
    worker: Worker, session: SimpleNamespace
) -> None:
    state = Bringing()
    state.take(receive(io.BytesIO(b"a,y\n1,p\n2,q\n3,p\n4,q\n"), "t.csv"))
    state.look()
    state.keep(Choices(title="Our flowers"))
    state.look()
    name = state.kept
    assert dataset_title(name) == "Our flowers"
    session.context.cookies["model_designer_owner"] = "f" * 32
    assert dataset_title(name) == "Own data"
    session.context.cookies["model_designer_owner"] = MARK
    delete(name, owner_of_token(MARK))
    assert dataset_title(name) == "Own data"
    assert dataset_title("iris") != "iris"
    assert dataset_title("of-another-version") == "of-another-version"


def test_what_goes_wrong_is_kept_for_the_person(worker: Worker, session: SimpleNamespace) -> None:
    state = Bringing()
    worker.error = DatasetError("No such thing.")
    state.take(receive(io.BytesIO(b"a,y\n1,p\n"), "t.csv"))
    assert not state.look()
    assert (state.problem, state.draft) == ("No such thing.", None)
    worker.error = None
    state.take(receive(io.BytesIO(b"a,y\n1,p\n2,q\n3,p\n"), "t.csv"))
    state.look()
    session.context.cookies.clear()
    state.keep(Choices())
    state.look()
    assert "not known whose data these are" in state.problem
    assert state.draft is not None, "nothing is lost"


def test_words_of_people_stay_words() -> None:
    bars = own_data_review._bars({"<script>": 3, "b": 1})
    assert "<script>" not in bars
    assert "&lt;script&gt;" in bars
