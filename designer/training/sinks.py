"""Where a run's figures also go, for people who keep theirs in TensorBoard or MLflow.

The run store stays the only truth: a sink is fed from what was written there, in a thread of
its own, and one that fails is left alone and said so, without harm to the run.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from designer.training.runs import Run
from designer.training.settings import SettingsError, TrainingSettings
from designer.training.store import NewPoint, RunStore

SINKS = {"tensorboard": "TensorBoard", "mlflow": "MLflow"}
"""The sinks, by the setting that turns each on (and its package), and how people call them."""

_PATIENCE_AT_THE_END = 20.0  # seconds; a server that hangs must not hold a finished run

_log = logging.getLogger(__name__)


class Sink(Protocol):
    """Something that takes figures."""

    def write(self, points: Sequence[NewPoint]) -> None:
        """Take points, later than all before."""

    def close(self, state: str, metrics: Mapping[str, float]) -> None:
        """Take the state in which the run is left, and its last figures."""


def is_installed(name: str) -> bool:
    """Return whether a sink's package is here; it is not imported."""
    return find_spec(name) is not None


def how_to_install(name: str) -> str:
    """Return, in one line, how to get a sink's package."""
    return f"The package {name} is missing: pip install 'model-designer[{name}]'."


def check_sinks(settings: TrainingSettings) -> None:
    """Refuse sinks whose package is missing.

    Raises:
        SettingsError: names the setting and how to get the package.
    """
    for name, title in SINKS.items():
        if getattr(settings, name) and not is_installed(name):
            raise SettingsError(
                f"{name}: the run cannot be written to {title}. {how_to_install(name)}",
                field=name,
            )


def sinks_of(store: RunStore, run: Run, settings: TrainingSettings) -> SinkThread | None:
    """Open the sinks a run asks for; ``None`` if it asks for none.

    What the store holds of it already, before a pause or a crash, is given to them first.
    """
    names = [name for name in SINKS if getattr(settings, name)]
    if not names:
        return None
    points = [
        NewPoint(point.step, point.epoch, point.kind, point.values)
        for point in store.metrics(run.id)
    ]

    def opening(name: str) -> Callable[[], Sink]:
        def open_sink() -> Sink:
            made: Sink = import_module(f"designer.training.sink_{name}").open_sink(run, settings)
            return made

        return open_sink

    def failed(name: str, error: Exception) -> None:
        _log.warning("Run %s is not written to %s any more.", run.id, name, exc_info=error)
        words = f"{SINKS[name]} takes no more figures of this run: {error}"
        store.add_event(run.id, "sink_failed", reason=words[:500])

    return SinkThread({name: opening(name) for name in names}, points, failed)


class SinkThread:
    """Feeds sinks, so that training never waits for one.

    Args:
        openings: opens each sink, by name.
        points: what they are given first.
        failed: told of a sink that failed; it gets nothing more.
    """

    def __init__(
        self,
        openings: Mapping[str, Callable[[], Sink]],
        points: Sequence[NewPoint],
        failed: Callable[[str, Exception], None],
    ):
        self._openings = dict(openings)
        self._failed = failed
        self._sinks: dict[str, Sink] = {}
        self._waiting: queue.SimpleQueue[Callable[[Sink], None] | None] = queue.SimpleQueue()
        self.write(points)
        self._thread = threading.Thread(target=self._work, name="sinks", daemon=True)
        self._thread.start()

    def write(self, points: Sequence[NewPoint]) -> None:
        """Hand points over; returns at once."""
        if points:
            self._waiting.put(lambda sink: sink.write(points))

    def close(self, state: str, metrics: Mapping[str, float]) -> None:
        """Let the sinks take what is left, for a while at most."""
        self._waiting.put(lambda sink: sink.close(state, metrics))
        self._waiting.put(None)
        self._thread.join(_PATIENCE_AT_THE_END)
        if self._thread.is_alive():
            for name in self._sinks:
                self._failed(name, TimeoutError("it did not answer in time"))

    def _work(self) -> None:
        for name, opening in self._openings.items():
            try:
                self._sinks[name] = opening()
            except Exception as error:
                self._failed(name, error)
        while (task := self._waiting.get()) is not None:
            for name, sink in list(self._sinks.items()):
                try:
                    task(sink)
                except Exception as error:
                    del self._sinks[name]
                    self._failed(name, error)
