"""The arrays of an ``.npz``, known by their heads and read in pieces. Pickles are never opened."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from designer.datasets.own.archives import DAMAGE, contents, count
from designer.datasets.own.drafts import Problem, Tally
from designer.datasets.own.limits import LARGEST_SIDE, MOST_FEATURES
from designer.errors import DatasetError

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


def members_of(archive: zipfile.ZipFile) -> tuple[dict[str, Member], list[Problem]]:
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
