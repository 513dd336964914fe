"""How close a training came to the one of a package: figure by figure, epoch by epoch."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from designer.plain_numbers import plain_number
from designer.reproducing.reading import Package
from designer.training.recording import finite
from designer.training.runs import MetricPoint, Run

Value = float | None


@dataclass(frozen=True)
class Figure:
    """A final figure, then and now; ``None`` where it was no number or there is none."""

    name: str
    before: Value
    now: Value
    difference: Value


@dataclass(frozen=True)
class Curve:
    """The largest difference of a figure over all epochs that both have, and where it is."""

    name: str
    largest_difference: Value
    epoch: int


@dataclass(frozen=True)
class Reproduction:
    """How close a training came.

    Attributes:
        package: what the package is called.
        run: the new run.
        state: how it ended.
        identical: whether every figure of every epoch, and every final one, is the same to the
            last digit.
        epochs_before, epochs_now: how many epochs there are of each.
        figures: the final figures.
        curves: their largest differences over the epochs.
        versions: those that differ, by name: then and now.
        cautions: why it may not come out the same, in words.
    """

    package: str
    run: str
    state: str
    identical: bool
    epochs_before: int
    epochs_now: int
    figures: tuple[Figure, ...]
    curves: tuple[Curve, ...]
    versions: Mapping[str, tuple[str, str]]
    cautions: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        values = asdict(self)
        values["versions"] = {
            name: {"before": before, "now": now} for name, (before, now) in self.versions.items()
        }
        return values

    def in_words(self) -> list[str]:
        """Return the lines that tell it."""
        width = max([6, *(len(figure.name) for figure in self.figures)])
        lines = [f"{'figure':{width}}  {'package':>12}  {'now':>12}  {'difference':>12}"]
        lines += [
            f"{one.name:{width}}  {_text(one.before):>12}  {_text(one.now):>12}"
            f"  {_text(one.difference):>12}"
            for one in self.figures
        ]
        worst = max(
            self.curves,
            key=lambda curve: (
                math.inf if curve.largest_difference is None else curve.largest_difference
            ),
            default=None,
        )
        many = min(self.epochs_before, self.epochs_now)
        if worst is not None and worst.largest_difference != 0:
            lines.append(
                f"Over {_epochs(many)} the curves differ by at most"
                f" {_text(worst.largest_difference)} ({worst.name}, epoch {worst.epoch})."
            )
        elif many:
            lines.append(f"Over {_epochs(many)} the curves are the same.")
        if self.epochs_before != self.epochs_now:
            lines.append(f"{_epochs(self.epochs_before)} then, {self.epochs_now} now.")
        lines += self.cautions
        if self.versions:
            told = ", ".join(
                f"{name} {before} then, {now} now" for name, (before, now) in self.versions.items()
            )
            lines.append(f"Versions that differ: {told}.")
        lines.append(
            "Identical: every figure is the same to the last digit."
            if self.identical
            else "Not identical."
        )
        return lines


def _epochs(count: int) -> str:
    return "1 epoch" if count == 1 else f"{count} epochs"


def compare(
    package: Package, run: Run, points: Sequence[MetricPoint], cautions: Iterable[str] = ()
) -> Reproduction:
    """Return how close a run came to the training of a package.

    Args:
        package: the package.
        run: the run that was trained from it, over.
        points: the run's figures, epoch by epoch.
        cautions: why it may not come out the same, in words.
    """
    now = finite(run.metrics)
    names = list(dict.fromkeys([*package.figures, *now]))
    figures = tuple(
        Figure(
            name,
            package.figures.get(name),
            now.get(name),
            _difference(package.figures.get(name), now.get(name)),
        )
        for name in names
    )
    epochs = [{"epoch": float(point.epoch), **finite(point.values)} for point in points]
    curves = _curves(package.epochs, epochs)
    ours = {name: str(version) for name, version in run.versions.items()}
    versions = {
        name: (package.versions.get(name, "unknown"), ours.get(name, "unknown"))
        for name in dict.fromkeys([*package.versions, *ours])
        if package.versions.get(name) != ours.get(name)
    }
    same = (
        len(epochs) == len(package.epochs)
        and all(one.before == one.now for one in figures)
        and all(curve.largest_difference == 0 for curve in curves)
    )
    return Reproduction(
        package=package.title or package.name,
        run=run.id,
        state=run.state,
        identical=same,
        epochs_before=len(package.epochs),
        epochs_now=len(epochs),
        figures=figures,
        curves=curves,
        versions=versions,
        cautions=tuple(cautions),
    )


def _curves(
    before: Sequence[Mapping[str, Value]], now: Sequence[Mapping[str, Value]]
) -> tuple[Curve, ...]:
    found: dict[str, Curve] = {}
    later = {one.get("epoch"): one for one in now}
    for one in before:
        other = later.get(one.get("epoch"))
        if other is None:
            continue
        for name in dict.fromkeys([*one, *other]):
            if name == "epoch":
                continue
            difference = _difference(one.get(name), other.get(name))
            known = found.get(name)
            if known is None or _size(difference) > _size(known.largest_difference):
                found[name] = Curve(name, difference, int(one.get("epoch") or 0))
    return tuple(found.values())


def _difference(before: Value, now: Value) -> Value:
    """Return how far two figures are apart: 0 where both are no number, ``None`` where one is."""
    if before is None or now is None:
        return 0.0 if before is now else None
    return abs(before - now)


def _size(difference: Value) -> float:
    return math.inf if difference is None else difference


def _text(value: Value) -> str:
    return "–" if value is None else plain_number(value, 6)
