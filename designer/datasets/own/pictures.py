"""A person's pictures in class folders: looked through, then kept at one size."""

from __future__ import annotations

import math
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from designer.datasets.catalogue import DatasetInfo, Target
from designer.datasets.own.archives import contents, count, opened
from designer.datasets.own.columns import in_order
from designer.datasets.own.drafts import Choices, Draft, Problem, Tally
from designer.datasets.own.keeping import Keeping
from designer.datasets.own.limits import LARGEST_PICTURE, LARGEST_SIDE, MOST_CLASSES
from designer.datasets.own.picture_pixels import (
    BROKEN,
    is_colour,
    opened_picture,
    pixels_of,
    read_to_its_end,
    thumbnail,
)
from designer.datasets.own.reading_csv import Progress
from designer.datasets.own.views import views_of
from designer.errors import DatasetError

if TYPE_CHECKING:
    pass

USUAL_SIDE = 128
"""Pixels of the longer side that larger pictures are kept at, unless a person says otherwise."""

SHOWN_PER_CLASS = 3
MOST_SHOWN = 24
_AT_ONCE = 64

SECONDS_OF_READING = 20.0
"""For so long pictures are read to their ends when an archive is looked through."""


def examine(path: Path, options: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Look through an archive of pictures; return the fields of its draft.

    Pictures are read to their ends for ``SECONDS_OF_READING``, and after that judged by their
    heads alone: one of those that is cut short is found when they are kept.

    Raises:
        DatasetError: it is no archive, or no picture is in a folder of its class.
    """
    from PIL import Image

    with opened(path) as archive:
        found = contents(archive)
        no_class, no_picture, too_large, cut_short = Tally(), Tally(), Tally(), Tally()
        until = time.monotonic() + SECONDS_OF_READING
        classes: Counter[str] = Counter()
        sides: list[tuple[int, int]] = []
        colours: set[bool] = set()
        sample: dict[str, list[str]] = {}
        for number, entry in enumerate(found.files):
            if number % 256 == 0:
                progress(number / max(1, len(found.files)))
            label = class_of(entry.filename)
            try:
                with archive.open(entry) as file, opened_picture(file) as picture:
                    width, height = picture.size
                    coloured = is_colour(picture)
                    if width * height > LARGEST_PICTURE:
                        too_large.add(f"{entry.filename}: {width:,} × {height:,}")
                        continue
                    if label is None:
                        no_class.add(entry.filename)
                        continue
                    shown = sample.setdefault(label, [])
                    try:
                        if len(shown) < SHOWN_PER_CLASS and len(sample) * len(shown) <= MOST_SHOWN:
                            shown.append(thumbnail(picture))
                        elif time.monotonic() < until:
                            read_to_its_end(picture)
                    except BROKEN as error:
                        cut_short.add(f"{entry.filename} ({error})")
                        continue
            except Image.DecompressionBombError:
                too_large.add(entry.filename)
                continue
            except BROKEN:
                no_picture.add(entry.filename)
                continue
            classes[label] += 1
            sides.append((height, width))
            colours.add(coloured)
    empty = _empty_classes(found.folders, classes, [entry.filename for entry in found.files])
    if not classes:
        raise DatasetError(
            _nothing_found(found.problems, no_class, no_picture, too_large, cut_short)
        )
    problems = [*found.problems]
    for kind, tally, message in (
        ("no_pictures", no_picture, "{} that cannot be read as a picture"),
        ("too_large", too_large,
         f"{{}} of more than {LARGEST_PICTURE // 1_000_000} million pixels"),
        ("no_class", no_class, "{} outside of any class folder"),
    ):  # fmt: skip
        if tally.count:
            text = message.format(count(tally.count))
            problems.append(Problem(kind, tally.count, text, tally.examples))
    if cut_short.count:
        problems.append(_cut_short(cut_short))
    if empty:
        text = count(len(empty), "class without a picture", "classes without a picture")
        problems.append(
            Problem(
                "empty_classes", len(empty), text, (*empty[:5], *(["…"] if len(empty) > 5 else []))
            )
        )
    pictures = [(label, picture) for label in in_order(list(sample)) for picture in sample[label]]
    return {
        "kind": "image",
        "examples": sum(classes.values()),
        "problems": tuple(problems),
        "classes": {label: classes[label] for label in in_order(list(classes))},
        "empty_classes": empty,
        "size": usual_size(sides),
        "sizes": _sizes_in_words(sides),
        "colour": True in colours,
        "sample": tuple(pictures[:MOST_SHOWN]),
    }


def keep(
    path: Path, draft: Draft, choices: Choices, keeping: Keeping, progress: Progress
) -> DatasetInfo:
    """Write pictures at one size; return the entry of the data set.

    Raises:
        DatasetError: a choice cannot be used, a picture is refused, or there is one class alone.
    """
    choices.check(draft.problems)
    height, width = size = checked_size(choices.size or draft.size or (USUAL_SIDE, USUAL_SIDE))
    channels = 3 if (draft.colour if choices.colour is None else choices.colour) else 1
    names = tuple(draft.classes)
    check_classes(names)
    labels = {name: label for label, name in enumerate(names)}
    keeping.check_room(draft.examples * height * width * channels)
    cut_short = Tally()
    kept: Counter[str] = Counter()
    with (
        opened(path) as archive,
        keeping.writers((height, width, channels), "uint8", 1, "int64") as writers,
    ):
        pictures: list[np.ndarray] = []
        told: list[int] = []
        entries = [one for one in contents(archive).files if class_of(one.filename) in labels]
        for number, entry in enumerate(entries):
            label = class_of(entry.filename)
            assert label is not None
            try:
                with archive.open(entry) as file, opened_picture(file) as picture:
                    if math.prod(picture.size) > LARGEST_PICTURE:
                        continue  # counted when it was looked at
                    pictures.append(pixels_of(picture, size, channels))
            except BROKEN as error:
                if _is_counted(archive, entry):
                    cut_short.add(f"{entry.filename} ({error})")
                continue
            told.append(labels[label])
            kept[label] += 1
            if len(pictures) == _AT_ONCE:
                writers.append(np.stack(pictures), np.array(told)[:, np.newaxis])
                pictures, told = [], []
                progress(number / len(entries))
        if pictures:
            writers.append(np.stack(pictures), np.array(told)[:, np.newaxis])
    problems = draft.problems
    if cut_short.count:
        problem = _cut_short(cut_short)
        # What is done about files that are no pictures is done about half ones too.
        way = choices.ways.get("cut_short", choices.ways.get("no_pictures", "skip"))
        Choices(ways={"cut_short": "refuse" if way == "refuse" else "skip"}).check((problem,))
        known = next((one.count for one in problems if one.kind == problem.kind), 0)
        if problem.count > known:  # some were judged by their heads alone
            problems = (*(one for one in problems if one.kind != problem.kind), problem)
        lost = [name for name in names if not kept[name]]
        if lost:
            raise DatasetError(
                f"No picture of {', '.join(lost)} can be read to its end: {problem.in_words()}."
            )
    targets = (Target("class", names),)
    keeping.note(
        left_out=sum(one.count for one in problems if one.kind != "empty_classes"),
        problems=[one.in_words() for one in problems],
        pictures=draft.sizes,
    )
    return keeping.entry("image", targets, views_of((height, width, channels), targets))


def class_of(name: str) -> str | None:
    """Return the class of a picture: the folder it is in; None outside of any."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return parts[-2][:80] if len(parts) > 1 else None


def usual_size(sides: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the (height, width) that pictures are kept at: theirs, or smaller where they are
    large."""
    height, width = (median(one[axis] for one in sides) for axis in (0, 1))
    part = min(1.0, USUAL_SIDE / max(height, width))
    return max(1, round(height * part)), max(1, round(width * part))


def checked_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return a size that pictures can be kept at.

    Raises:
        DatasetError: it is none.
    """
    if len(size) != 2 or not all(1 <= side <= LARGEST_SIDE for side in size):
        raise DatasetError(
            f"Pictures are kept at a height and width of 1 to {LARGEST_SIDE} pixels, received "
            f"{' × '.join(map(str, size))}."
        )
    return size


def check_classes(names: Sequence[str]) -> None:
    """Check that there is something to tell apart, and not too much.

    Raises:
        DatasetError: one class alone, or too many.
    """
    if len(names) < 2:
        raise DatasetError(
            f"All pictures are of one class ({', '.join(names)}): there is nothing to tell apart. "
            "Make a folder for each class."
        )
    if len(names) > MOST_CLASSES:
        raise DatasetError(f"There are {len(names):,} classes; at most {MOST_CLASSES:,} are taken.")


def _cut_short(tally: Tally) -> Problem:
    message = f"{count(tally.count, 'picture')} cut short or damaged"
    return Problem("cut_short", tally.count, message, tally.examples)


def _is_counted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Say whether a file was taken for a picture by its head."""
    try:
        with archive.open(entry) as file, opened_picture(file) as picture:
            return math.prod(picture.size) <= LARGEST_PICTURE
    except BROKEN:
        return False


def _empty_classes(
    folders: frozenset[str], classes: Counter[str], files: Sequence[str]
) -> tuple[str, ...]:
    """Return the folders that hold no picture and no other folder, by name."""
    parents = {str(PurePosixPath(folder).parent) for folder in folders}
    leaves = {PurePosixPath(folder).name for folder in folders if folder not in parents}
    holding = {name for name in map(class_of, files) if name is not None}
    return in_order(sorted(name for name in leaves | holding if name and not classes[name]))


def _sizes_in_words(sides: Sequence[tuple[int, int]]) -> str:
    def told(size: tuple[int, int]) -> str:
        return f"{size[0]:,} × {size[1]:,}"

    smallest, largest = min(sides, key=math.prod), max(sides, key=math.prod)
    if smallest == largest and len(set(sides)) == 1:
        return f"all {told(smallest)}"
    return f"from {told(smallest)} to {told(largest)}"


def _nothing_found(
    problems: Sequence[Problem],
    no_class: Tally,
    no_picture: Tally,
    too_large: Tally,
    cut_short: Tally,
) -> str:
    reasons = [problem.in_words() for problem in problems]
    for tally, why in (
        (no_class, "lie outside of any class folder"),
        (no_picture, "cannot be read as pictures"),
        (cut_short, "cut short or damaged"),
        (too_large, f"have more than {LARGEST_PICTURE // 1_000_000} million pixels"),
    ):
        if tally.count:
            reasons.append(f"{count(tally.count)} {why} ({'; '.join(tally.examples)})")
    return (
        "The archive has no pictures in class folders. Make a folder for each class, put its "
        "pictures into it, and pack the folders as a zip: cat/1.png, dog/2.png."
        + (f" What was found: {'. '.join(reasons)}." if reasons else " It is empty.")
    )
