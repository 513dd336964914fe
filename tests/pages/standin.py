"""An engine for the pages that starts no process."""

from __future__ import annotations

from concurrent.futures import Future
from functools import cached_property
from typing import Any, cast

from designer import Design
from designer.engine.export_queue import ExportQueue
from designer.errors import DesignerError
from designer.training import RunStore, TrainingSettings, check_run


class StandInLane:
    """Workers that do nothing: what is asked of them is answered by the test."""

    def __init__(self) -> None:
        self.tasks: list[tuple[dict[str, Any], Future[Any]]] = []

    def submit(
        self, job: str, arguments: dict[str, Any], timeout: float | None, begun: object = None
    ) -> Future[Any]:
        assert job == "export"
        future: Future[Any] = Future()
        self.tasks.append((arguments, future))
        return future

    def cancel(self, future: Future[Any]) -> None:
        if not future.cancel():
            future.set_exception(DesignerError("It was ended."))

    def rest(self) -> None: ...

    def close(self) -> None: ...


class StandIn:
    """An engine that writes down what it is asked, and answers what a test told it to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, Any] = {}
        self.store = RunStore()
        self.exporter = StandInLane()

    @cached_property
    def exports(self) -> ExportQueue:
        return ExportQueue(cast(Any, self.exporter))

    def warm(self) -> None: ...

    def close(self) -> None: ...

    def submit(self, job: str, timeout: float | None = None, **arguments: Any) -> Future[Any]:
        self.asked.append((job, arguments))
        future: Future[Any] = Future()
        answer = self.answers.get(job)
        if isinstance(answer, Exception):
            future.set_exception(answer)
        elif answer is not None:
            future.set_result(answer)
        return future

    def train(self, design: Design, settings: TrainingSettings) -> str:
        check_run(design, settings)
        return self.store.create(design, settings).id
