"""A person's arrays, from an ``.npz``: looked through, then kept. Pickles are never opened."""

from __future__ import annotations

import math
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from designer.datasets.catalogue import DatasetInfo, Target
from designer.datasets.own.archives import DAMAGE, contents, count, opened
from designer.datasets.own.columns import MOST_WHOLE_CLASSES, in_order
from designer.datasets.own.drafts import Choices, Draft, Problem, Tally
from designer.datasets.own.limits import LARGEST_SIDE, MOST_CLASSES, MOST_FEATURES
from designer.datasets.own.reading_csv import Progress
from designer.datasets.own.storing import Keeping
from designer.datasets.own.views import views_of
from designer.errors import DatasetError, unknown_name

FEATURES = ("x", "features", "data", "images", "inputs", "arr_0", "x_train")
LABELS = ("y", "labels", "label", "target", "targets", "classes", "arr_1", "y_train")
"""What the two arrays are usually called; capitals make no difference."""

_AT_ONCE = 8_000_000  # bytes


@dataclass(frozen=True)
class Member:
    """An array in an archive, known by its head.

    Attributes:
        name: as numpy says it, without ``.npy``.
        shape: its shape.
        dtype: its type.
        entry: where it is in the archive.
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype
    entry: zipfile.ZipInfo

    def pieces(self, archive: zipfile.ZipFile) -> Iterator[np.ndarray]:
        """Yield its rows, some megabytes at a time.

        Raises:
            DatasetError: it is cut short.
        """
        row = math.prod(self.shape[1:]) * self.dtype.itemsize
        many = max(1, _AT_ONCE // max(1, row))
        with archive.open(self.entry) as file:
            _read_head(file)
            for first in range(0, self.shape[0], many):
                rows = min(many, self.shape[0] - first)
                try:
                    data = file.read(rows * row)
                except DAMAGE as error:
                    raise DatasetError(f"The array {self.name} is damaged: {error}.") from None
                if len(data) < rows * row:
                    raise DatasetError(f"The array {self.name} is cut short.")
                yield np.frombuffer(data, self.dtype).reshape(rows, *self.shape[1:])


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
        members, problems = _members(archive)
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
        members, _ = _members(archive)
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


def examples_shape(member: Member) -> tuple[str, tuple[int, ...], bool]:
    """Return what the rows of an array are: "table" or "image", the shape of one, and whether its
    channels come before its height.

    Raises:
        DatasetError: they can be neither.
    """
    if member.dtype.kind not in "buif":
        raise DatasetError(
            f"The array {member.name} holds {member.dtype}, and examples are numbers."
        )
    shape = member.shape[1:]
    if len(shape) < 2:
        if math.prod(shape) > MOST_FEATURES:
            raise DatasetError(
                f"{member.name} has {shape[0]:,} numbers a row; at most {MOST_FEATURES:,} are "
                "taken. Give pictures their height and width: (examples, height, width)."
            )
        return "table", (math.prod(shape),), False
    moved = False
    if len(shape) == 2:
        shape = (*shape, 1)
    elif len(shape) == 3 and shape[2] not in (1, 3) and shape[0] in (1, 3):
        shape, moved = (shape[1], shape[2], shape[0]), True
    if len(shape) != 3 or shape[2] not in (1, 3) or max(shape[:2]) > LARGEST_SIDE:
        raise DatasetError(
            f"{member.name} has examples of shape {member.shape[1:]}. Tables are (examples, "
            "numbers), pictures (examples, height, width) or (examples, height, width, 1 or 3), "
            f"of at most {LARGEST_SIDE} pixels a side."
        )
    return "image", shape, moved


def pixel_scale(member: Member, low: float, high: float) -> float:
    """Return what pixels are multiplied by to become 0 to 255.

    Raises:
        DatasetError: they go from and to something else.
    """
    if low >= 0 and high <= 1 and (member.dtype.kind == "f" or member.dtype.kind == "b"):
        return 255.0
    if low >= 0 and high <= 255:
        return 1.0
    raise DatasetError(
        f"The pixels of {member.name} go from {low:g} to {high:g}; they are to go from 0 to 255, "
        "or from 0 to 1 as floats."
    )


def _members(archive: zipfile.ZipFile) -> tuple[dict[str, Member], list[Problem]]:
    found = contents(archive)
    members: dict[str, Member] = {}
    pickled, broken = Tally(), Tally()
    for entry in found.files:
        name = entry.filename.removesuffix(".npy")
        try:
            with archive.open(entry) as file:
                shape, fortran, dtype = _read_head(file)
        except DAMAGE as error:
            broken.add(f"{name}: {error}")
            continue
        if dtype.hasobject:
            pickled.add(name)
        elif not shape or shape[0] == 0 or dtype.names or math.prod(shape) == 0:
            broken.add(f"{name}: {dtype} of shape {shape}")
        elif fortran and len(shape) > 1:
            broken.add(f"{name}: saved by columns; use numpy.ascontiguousarray before saving")
        elif math.prod(shape) * dtype.itemsize > entry.file_size:
            broken.add(f"{name}: cut short")
        else:
            members[name] = Member(name, shape, dtype, entry)
    problems = [*found.problems]
    for kind, tally, message in (
        ("pickled_arrays", pickled,
         "{} of objects, which are pickles: those can run any program and are never opened"),
        ("broken_arrays", broken, "{} that cannot be used"),
    ):  # fmt: skip
        if tally.count:
            text = message.format(count(tally.count, "array"))
            problems.append(Problem(kind, tally.count, text, tally.examples))
    if len(members) < 2:
        reasons = "; ".join(problem.in_words() for problem in problems)
        raise DatasetError(
            "The .npz must hold two arrays, such as x and y: examples and their labels. It has "
            f"{', '.join(members) or 'none that can be used'}.{f' {reasons}.' if reasons else ''}"
        )
    return members, problems


def _read_head(file: Any) -> tuple[tuple[int, ...], bool, np.dtype]:
    version = np.lib.format.read_magic(file)
    read = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }.get(version)
    if read is None:
        raise ValueError(f"version {version} of the format")
    shape, fortran, dtype = read(file)
    return shape, fortran, dtype


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
