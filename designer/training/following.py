"""A run as it goes on: its points and events, kept in columns and read on as they are written.

Many pages may watch one run; what one of them has read serves all. A run of 100,000 points takes
a few megabytes, and each look reads only what is new.
"""

from __future__ import annotations

import secrets
import threading
import time
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from designer.training.runs import BATCH, EPOCH, Event, MetricPoint, Run
from designer.training.store import RunStore

MOST_POINTS = 2_000
"""Points of one kind that are given at once: more than a chart has columns of pixels."""

_STANDSTILLS = ("paused", "recovered")
"""Events during which no training went on: their time is left out of the seconds."""


class Columns:
    """Points of one kind: a column of numbers each for steps, epochs, seconds and figures."""

    def __init__(self) -> None:
        self.step = array("q")
        self.epoch = array("q")
        self.seconds = array("d")
        self.written = array("d")
        self.values: dict[str, array[float]] = {}

    def __len__(self) -> int:
        return len(self.step)

    def add(self, point: MetricPoint, seconds: float) -> None:
        """Append a point; a figure that others lack is not a number there."""
        for name in point.values:
            if name not in self.values:
                self.values[name] = array("d", [float("nan")]) * len(self)
        for name, column in self.values.items():
            column.append(point.values.get(name, float("nan")))
        self.step.append(point.step)
        self.epoch.append(point.epoch)
        self.seconds.append(seconds)
        self.written.append(point.written)

    def part(self, start: int, stop: int, most: int = MOST_POINTS) -> dict[str, Any]:
        """Return a part as JSON values: all of it, or if that is more than ``most`` points, the
        highest and lowest of every stretch, so that no peak is lost. What is not a number is
        ``None``."""
        chosen: Sequence[int] = range(start, stop)
        if stop - start > most:
            chosen = self._extremes(start, stop, most)
        return {
            "step": [self.step[place] for place in chosen],
            "epoch": [self.epoch[place] for place in chosen],
            "seconds": [round(self.seconds[place], 2) for place in chosen],
            "values": {
                name: [_written(column[place]) for place in chosen]
                for name, column in self.values.items()
            },
        }

    def between(self, first: float, last: float) -> tuple[int, int]:
        """Return the places of the points from one step to another, one more at either end."""
        from bisect import bisect_left, bisect_right

        start = max(0, bisect_left(self.step, first) - 1)
        return start, min(len(self), bisect_right(self.step, last) + 1)

    def _extremes(self, start: int, stop: int, most: int) -> list[int]:
        import numpy as np

        stretches = max(1, most // (2 * max(1, len(self.values)) + 1))
        bounds = np.linspace(start, stop, stretches + 1).astype(int)
        chosen = set(bounds[:-1].tolist()) | {stop - 1}
        for column in self.values.values():
            figures = np.array(column[start:stop])
            missing = np.isnan(figures)
            # Where figures end being numbers is worth a place, too.
            chosen.update((start + np.flatnonzero(np.diff(missing.astype(np.int8)))).tolist()[:200])
            low = np.where(missing, np.inf, figures)
            high = np.where(missing, -np.inf, figures)
            for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
                if last > first:
                    chosen.add(first + int(low[first - start : last - start].argmin()))
                    chosen.add(first + int(high[first - start : last - start].argmax()))
        return sorted(chosen)

    def points(self, kind: str, start: int = 0) -> list[MetricPoint]:
        """Return the points from a place on, as the run store gives them, without their rows."""
        return [
            MetricPoint(
                0,
                self.step[place],
                self.epoch[place],
                kind,
                {name: column[place] for name, column in self.values.items()},
                self.written[place],
            )
            for place in range(start, len(self))
        ]


def _written(figure: float) -> float | None:
    if figure - figure != 0:  # not a number, or without end
        return None
    return float(f"{figure:.6g}")


class FollowedRun:
    """One run, read on from where the last look ended. Safe to share between threads.

    Attributes:
        run: the run as it was at the last look.
        batch, epoch: its points.
        events: what happened to it.
        generation: another one whenever points that were known are gone from the store, because
            the run was taken up again from a checkpoint.
    """

    def __init__(self, store: RunStore, run: str):
        self._store = store
        self._id = run
        self._lock = threading.RLock()
        self._looked = 0.0
        self._begin()
        self.run: Run = store.run(run)

    def _begin(self) -> None:
        self.generation = secrets.token_hex(4)
        self.batch, self.epoch = Columns(), Columns()
        self.events: list[Event] = []
        self._row = 0
        self._last: tuple[float, float] | None = (
            None  # when the last point was written; its seconds
        )
        self._standstills: list[float] = []

    @property
    def lock(self) -> threading.RLock:
        """Held while the columns are read, so that no point comes between."""
        return self._lock

    def look(self, *, not_within: float = 0.0) -> Run:
        """Read what is new and return the run.

        Args:
            not_within: seconds for which the last look, somebody else's perhaps, is new enough.

        Raises:
            RunError: there is no such run any more.
        """
        with self._lock:
            if time.monotonic() - self._looked < not_within:
                return self.run
            known = self.run
            # Nothing is added to a run that is complete, unless somebody resumes it.
            run = self._store.run(self._id)
            if not (known.is_complete and run == known and self._looked):
                self._read_on()
                run = self._store.run(self._id)  # not older than its points
            self.run = run
            self._looked = time.monotonic()
            return run

    def _read_on(self) -> None:
        # The last point known is asked for again: were it gone, others would be, too.
        found = self._store.metrics(self._id, after=max(0, self._row - 1))
        if self._row:
            if not found or found[0].row != self._row:
                self._begin()
                found = self._store.metrics(self._id)
            else:
                found = found[1:]
        after = self.events[-1].row if self.events else 0
        new = self._store.events(self._id, after=after)
        self.events += new
        self._standstills += [event.made for event in new if event.kind in _STANDSTILLS]
        self._append(found)

    def _append(self, points: Iterable[MetricPoint]) -> None:
        for point in points:
            seconds = self._seconds(point.written)
            self._last = (point.written, seconds)
            self._row = point.row
            (self.batch if point.kind == BATCH else self.epoch).add(point, seconds)

    def _seconds(self, written: float) -> float:
        """Return the seconds of training at a moment: standstills do not count."""
        if self._last is None:
            begun = next((e.made for e in self.events if e.kind == "started"), written)
            return max(0.0, written - begun)
        before, seconds = self._last
        while self._standstills and self._standstills[0] <= before:
            self._standstills.pop(0)
        if self._standstills and self._standstills[0] <= written:
            return seconds
        return seconds + max(0.0, written - before)

    def points(self, most: int = 5_000) -> list[MetricPoint]:
        """Return the newest points of both kinds in their order, ``most`` of each."""
        with self._lock:
            found = self.batch.points(BATCH, max(0, len(self.batch) - most))
            found += self.epoch.points(EPOCH, max(0, len(self.epoch) - most))
        return sorted(found, key=lambda point: (point.step, point.kind != BATCH))


class Followers:
    """The runs that are being watched, those looked at last.

    Args:
        store: where they are.
        most: how many are kept.
    """

    def __init__(self, store: RunStore, most: int = 256):
        self._store = store
        self._most = most
        self._lock = threading.Lock()
        self._kept: dict[str, FollowedRun] = {}

    def follow(self, run: str) -> FollowedRun:
        """Return a run, read or not yet.

        Raises:
            RunError: there is no such run.
        """
        with self._lock:
            known = self._kept.pop(run, None)
        made = known or FollowedRun(self._store, run)
        with self._lock:
            made = self._kept.setdefault(run, made)
            while len(self._kept) > self._most:
                self._kept.pop(next(iter(self._kept)))
        return made
