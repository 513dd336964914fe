"""A person's arrays, from an ``.npz``: looked through, then kept. Pickles are never opened."""

from __future__ import annotations

import math
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from designer.datasets.catalogue import DatasetInfo, Target
from designer.datasets.own.archives import count, opened
from designer.datasets.own.columns import MOST_WHOLE_CLASSES, in_order
from designer.datasets.own.drafts import Choices, Draft, Problem
from designer.datasets.own.keeping import Keeping
from designer.datasets.own.limits import MOST_CLASSES
from designer.datasets.own.npz_members import (
    Member,
    examples_shape,
    members_of,
    pixel_scale,
)
from designer.datasets.own.reading_csv import Progress
from designer.datasets.own.views import views_of
from designer.errors import DatasetError, unknown_name

FEATURES = ("x", "features", "data", "images", "inputs", "arr_0", "x_train")
LABELS = ("y", "labels", "label", "target", "targets", "classes", "arr_1", "y_train")
"""What the two arrays are usually called; capitals make no difference."""


def examine(path: Path, options: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Look through arrays; return the fields of their draft.

    Args:
        path: the file.
        options: ``features`` and ``labels``: the names of the two arrays; guessed unless said.
        progress: told how far it is.

    Raises:
        DatasetError: they need a pickle, or cannot be examples and their labels.
    """
    with opened(path) as archive:
        members, problems = members_of(archive)
        features = _chosen(members, options.get("features"), FEATURES, "features")
        rest = {name: one for name, one in members.items() if name != features.name}
        labels = _chosen(rest, options.get("labels"), LABELS, "labels")
        kind, shape, _ = examples_shape(features)
        if labels.shape[0] != features.shape[0]:
            raise DatasetError(
                f"{features.name} has {features.shape[0]:,} examples and {labels.name} "
                f"{labels.shape[0]:,} labels: there must be one for each."
            )
        classes, kinds = _classes(archive, labels)
        low, high, odd = _range(archive, features, progress)
        if kind == "image":
            pixel_scale(features, low, high)
        if odd:
            problems.append(_not_finite(odd))
    return {
        "kind": kind,
        "examples": features.shape[0],
        "problems": tuple(problems),
        "classes": classes,
        "arrays": tuple(
            (one.name, " × ".join(map(str, one.shape)), str(one.dtype)) for one in members.values()
        ),
        "features": features.name,
        "labels": labels.name,
        "label_kinds": kinds,
        "size": (shape[0], shape[1]) if kind == "image" else None,
        "sizes": f"{low:g} to {high:g}",
        "colour": kind == "image" and shape[2] == 3,
    }


def keep(
    path: Path, draft: Draft, choices: Choices, keeping: Keeping, progress: Progress
) -> DatasetInfo:
    """Write arrays as examples; return the entry of the data set.

    Raises:
        DatasetError: a choice cannot be used, or a value is refused.
    """
    choices.check(draft.problems)
    label_kind = choices.label_kind or draft.label_kinds[0]
    if label_kind not in draft.label_kinds:
        raise DatasetError(
            f"The labels {draft.labels} cannot be a {label_kind}: {', '.join(draft.label_kinds)}."
        )
    with opened(path) as archive:
        members, _ = members_of(archive)
        features, labels = members[str(draft.features)], members[str(draft.labels)]
        kind, shape, moved = examples_shape(features)
        read, targets, label_type = _label_reader(labels, label_kind, tuple(draft.classes))
        low, high = map(float, draft.sizes.split(" to "))
        scale = pixel_scale(features, low, high) if kind == "image" else 1.0
        keeping.check_room(math.prod(shape) * (1 if kind == "image" else 4) * features.shape[0])
        left_out = 0
        with keeping.writers(
            shape, "uint8" if kind == "image" else "float32", len(targets), label_type
        ) as writers:
            told = _Aligned(labels.pieces(archive))
            done = 0
            for rows in features.pieces(archive):
                values = rows.reshape(len(rows), -1)
                answers, sound = read(told.take(len(rows)))
                with np.errstate(over="ignore"):
                    sound &= np.isfinite(values.astype(np.float32)).all(axis=1)
                if kind == "image":
                    pictures = np.moveaxis(rows, 1, 3) if moved else rows
                    made = (pictures.reshape(len(rows), *shape) * scale)[sound]
                    made = np.clip(np.round(made), 0, 255).astype(np.uint8)
                else:
                    made = values[sound].astype(np.float32)
                writers.append(made, answers[sound])
                left_out += int((~sound).sum())
                done += len(rows)
                progress(done / features.shape[0])
    names = () if kind == "image" else _feature_names(shape[0])
    keeping.note(left_out=left_out, problems=[one.in_words() for one in draft.problems])
    return keeping.entry(
        "image" if kind == "image" else "table",
        targets,
        views_of(shape, targets, names),
        feature_names=names,
    )


def _chosen(
    members: dict[str, Member], wanted: str | None, usual: tuple[str, ...], part: str
) -> Member:
    if wanted is not None:
        if wanted not in members:
            raise DatasetError(unknown_name(f"array for the {part}", wanted, members))
        return members[wanted]
    by_name = {name.casefold(): member for name, member in members.items()}
    for name in usual:
        if name in by_name:
            return by_name[name]
    # Features are the largest array; labels the one that is left.
    return max(members.values(), key=lambda one: math.prod(one.shape))


def _range(
    archive: zipfile.ZipFile, member: Member, progress: Progress
) -> tuple[float, float, int]:
    """Return the smallest and largest number, and how many rows have one that is not finite."""
    low, high, odd, done = math.inf, -math.inf, 0, 0
    for rows in member.pieces(archive):
        values = rows.reshape(len(rows), -1)
        if member.dtype.kind == "f":
            with np.errstate(over="ignore"):
                sound = np.isfinite(values.astype(np.float32)).all(axis=1)
            odd += int((~sound).sum())
            values = values[sound]
        if len(values):
            low, high = min(low, float(values.min())), max(high, float(values.max()))
        done += len(rows)
        progress(done / member.shape[0])
    if low > high:
        raise DatasetError(f"No row of {member.name} has finite numbers alone.")
    return low, high, odd


def _classes(archive: zipfile.ZipFile, labels: Member) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the classes of labels with their counts, and what the labels can be."""
    counts: Counter[str] = Counter()
    whole, one_hot = True, len(labels.shape) == 2 and 1 < labels.shape[1] <= MOST_CLASSES
    if len(labels.shape) > 2 or labels.dtype.kind not in "buifUS":
        raise DatasetError(
            f"The labels {labels.name} are {labels.dtype} of shape {labels.shape}. They are one "
            "number or word an example, (examples,), one-hot rows, or (examples, numbers)."
        )
    numeric = labels.dtype.kind in "buif"
    for rows in labels.pieces(archive):
        if not numeric:
            counts.update(map(_word, rows.reshape(len(rows), -1)[:, 0]))
            continue
        values = rows.astype(np.float64)
        if values.ndim == 2 and values.shape[1] > 1:
            one_hot = one_hot and bool(((values == 0) | (values == 1)).all())
            one_hot = one_hot and bool((values.sum(axis=1) == 1).all())
            if one_hot:
                counts.update(map(str, values.argmax(axis=1).tolist()))
            continue
        values = values.reshape(-1)
        whole = whole and bool((values == np.floor(values)).all())
        if whole and len(counts) <= MOST_CLASSES:
            counts.update(f"{value:.0f}" for value in values.tolist())
    several = len(labels.shape) == 2 and labels.shape[1] > 1
    able = []
    few = 1 <= len(counts) <= MOST_CLASSES
    if few and (not numeric or (one_hot if several else whole)):
        able.append("category")
    if numeric and not (several and one_hot):
        able.append("number")
    if not able:
        raise DatasetError(
            f"The labels {labels.name} have {len(counts):,} different words; at most "
            f"{MOST_CLASSES:,} classes are taken."
        )
    if len(able) == 2 and len(counts) > MOST_WHOLE_CLASSES and labels.dtype.kind == "f":
        able.reverse()
    if "category" not in able:
        return {}, tuple(able)
    return {name: counts[name] for name in in_order(list(counts))}, tuple(able)


def _label_reader(
    labels: Member, kind: str, classes: tuple[str, ...]
) -> tuple[Any, tuple[Target, ...], str]:
    """Return a function from rows to (targets, whether each can be used), the targets, and their
    type."""
    name = labels.name if labels.name.casefold() not in LABELS else "class"
    if kind == "category":
        if len(classes) < 2:
            raise DatasetError(
                f"The labels {labels.name} have one class alone ({', '.join(classes)}): there is "
                "nothing to tell apart."
            )
        places = {text: place for place, text in enumerate(classes)}

        def classified(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            if labels.dtype.kind in "US":
                words: Iterable[str] = map(_word, rows.reshape(len(rows), -1)[:, 0])
            elif rows.ndim == 2 and rows.shape[1] > 1:
                words = map(str, rows.argmax(axis=1).tolist())
            else:
                words = (f"{value:.0f}" for value in rows.reshape(-1).astype(np.float64).tolist())
            found = np.array([[places[word]] for word in words], np.int64)
            return found, np.ones(len(rows), bool)

        return classified, (Target(name, classes),), "int64"
    outputs = math.prod(labels.shape[1:])
    name = labels.name if labels.name.casefold() not in LABELS else "value"
    names = [name] if outputs == 1 else [f"{name} {number}" for number in range(1, outputs + 1)]

    def numbers(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with np.errstate(over="ignore"):
            values = rows.reshape(len(rows), -1).astype(np.float32)
        return values, np.asarray(np.isfinite(values).all(axis=1))

    return numbers, tuple(Target(one) for one in names), "float32"


class _Aligned:
    """Rows that come in pieces of one size, given out in pieces of another."""

    def __init__(self, pieces: Iterator[np.ndarray]):
        self._pieces = pieces
        self._left: np.ndarray | None = None

    def take(self, count: int) -> np.ndarray:
        parts, missing = [], count
        while missing:
            if self._left is None or not len(self._left):
                self._left = next(self._pieces)
            parts.append(self._left[:missing])
            self._left = self._left[missing:]
            missing -= len(parts[-1])
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _word(value: Any) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.strip()[:80] or "(no word)"


def _feature_names(many: int) -> tuple[str, ...]:
    return tuple(f"feature {number}" for number in range(1, many + 1))


def _not_finite(odd: int) -> Problem:
    message = f"{count(odd, 'example')} with a number that is missing or infinite"
    return Problem("not_finite", odd, message)
