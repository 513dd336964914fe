"""People's own data sets on disk: a folder each, with a description and plain arrays.

``home()/data/own-k3f9x2ab/`` holds ``description.json``, ``features.npy`` and ``targets.npy``,
which are read through the disk's cache and never as a whole, and a small sample of both for a
preview. The folder appears complete or not at all.

The description says its version. A later version may add fields, which earlier ones pass over;
one that changes the meaning of a field raises ``VERSION``, and earlier ones then say so.

Since version 2, a number that is missing in a table and was to be filled is not-a-number in
``features.npy``: a run fills it by what it learns from its training part
(``designer.datasets.gaps``). Version 1 had filled it with the mean of all rows.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from designer.datasets.cache import (
    RawArrays,
    check_arrays,
)
from designer.datasets.catalogue import OWN_PREFIX, DatasetInfo, Target, TaskView
from designer.datasets.own.drafts import Choices
from designer.errors import DatasetError
from designer.paths import home

FORMAT = "model-designer-data"
VERSION = 2

DESCRIPTION = "description.json"
UNFINISHED = ".unfinished-"
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look alike


def data_folder() -> Path:
    """Return the folder of all own data sets, made if it is not there."""
    folder = home() / "data"
    folder.mkdir(exist_ok=True)
    return folder


def is_own(name: object) -> bool:
    """Say whether a name is one of an own data set, there or not."""
    return isinstance(name, str) and name.startswith(OWN_PREFIX) and name.isascii() and all(
        letter in LETTERS for letter in name.removeprefix(OWN_PREFIX)
    )  # fmt: skip


def description(name: str) -> dict[str, Any]:
    """Return what is written about an own data set, its ``owner`` and ``encoding`` included.

    Raises:
        DatasetError: it is not there (any more), or was written by a later version.
    """
    try:
        path = data_folder() / name / DESCRIPTION
        values = _read(path, path.stat().st_mtime_ns) if is_own(name) else None
    except FileNotFoundError:
        values = None
    except (OSError, ValueError) as error:
        raise DatasetError(f"The data set {name} cannot be read: {error}.") from None
    if values is None:
        raise DatasetError(
            f"The data set {name} is not here any more: it was deleted, or it was brought along on "
            "another machine. What was trained on it stays."
        )
    return values


@lru_cache(maxsize=200)
def _read(path: Path, changed: int) -> dict[str, Any]:
    values = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(values, dict):
        raise ValueError("its description is no JSON object")
    if values.get("format") != FORMAT or values.get("version", VERSION + 1) > VERSION:
        raise ValueError(
            f"its format is {values.get('format')!r} version {values.get('version')!r}, and this "
            f"product reads {FORMAT!r} up to version {VERSION}; install a later one"
        )
    return values


def own_info(name: str) -> DatasetInfo:
    """Return the entry of an own data set.

    Raises:
        DatasetError: see :func:`description`.
    """
    values = description(name)
    try:
        return _entry(values)
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(f"The description of {name} cannot be used: {error!r}.") from None


def own_datasets(owner: str) -> tuple[DatasetInfo, ...]:
    """Return the data sets of an owner, the newest first. Those that cannot be read are missing."""
    found = []
    for folder in data_folder().glob(f"{OWN_PREFIX}*"):
        with contextlib.suppress(DatasetError):
            values = description(folder.name)
            if secrets.compare_digest(str(values["owner"]), owner):
                found.append((values["created"], own_info(folder.name)))
    return tuple(info for _, info in sorted(found, key=lambda one: (-one[0], one[1].name)))


def same_as_before(owner: str, content: str, choices: Choices) -> DatasetInfo | None:
    """Return the owner's data set that was made of the same bytes by the same choices, if any."""
    wanted = json.loads(json.dumps(choices.to_dict()))
    for info in own_datasets(owner):
        values = description(info.name)
        same = values.get("content") == content and values.get("choices") == wanted
        if same and not _filled_by_all_rows(values):
            return info
    return None


def _filled_by_all_rows(values: dict[str, Any]) -> bool:
    """Say whether a table was kept when gaps were filled by what test examples have, too."""
    return values["version"] < 2 and "encoding" in values and bool(values.get("problems"))


def read_own_arrays(info: DatasetInfo, *, preview: bool = False) -> RawArrays:
    """Return the arrays of an own data set; the features are read from disk as they are used.

    Raises:
        DatasetError: they are gone, or are not what the description says.
    """
    folder = data_folder() / info.name
    prefix = "preview_" if preview else ""
    mode = None if preview else "r"
    try:
        arrays = RawArrays(
            np.load(folder / f"{prefix}features.npy", mmap_mode=mode, allow_pickle=False),  # type: ignore[arg-type]
            np.load(folder / f"{prefix}targets.npy", allow_pickle=False),
        )
    except FileNotFoundError:
        description(info.name)  # says so if all of it is gone
        raise DatasetError(f"Files of the data set {info.name} are missing. Delete it.") from None
    except (OSError, ValueError, EOFError) as error:
        raise DatasetError(
            f"The arrays of the data set {info.name} are damaged ({error}). Delete it and bring "
            "it along again."
        ) from None
    check_arrays(info, arrays, len(arrays.features) if preview else None)
    return arrays


def delete(name: str, owner: str) -> None:
    """Delete an own data set from the disk.

    Raises:
        DatasetError: there is none of that name, or it is somebody else's.
    """
    if not secrets.compare_digest(str(description(name).get("owner")), owner):
        raise DatasetError(f"The data set {name} was brought along by somebody else.")
    folder = data_folder() / name
    gone = folder.with_name(f"{UNFINISHED}{name}-{secrets.token_hex(4)}")
    folder.rename(gone)  # at once for everybody, even if a file is still in use
    shutil.rmtree(gone, ignore_errors=True)


def _entry(values: dict[str, Any]) -> DatasetInfo:
    """Return a description as an entry of a catalogue."""
    shape = tuple(int(size) for size in values["raw_shape"])
    feature_names = tuple(map(str, values["feature_names"]))
    tasks = tuple(
        TaskView(
            str(view["task"]),
            shape,
            tuple(tuple(map(str, names)) for names in view["class_names"]),
            tuple(map(str, view["targets"])),
            feature_names,
        )
        for view in values["tasks"]
    )
    if not tasks:
        raise ValueError("no task")
    return DatasetInfo(
        name=str(values["name"]),
        title=str(values["title"]),
        description=_in_words(values),
        kind="image" if values["kind"] == "image" else "table",
        embedded=True,
        examples=int(values["examples"]),
        feature_names=feature_names,
        targets=tuple(
            Target(str(one["name"]), tuple(map(str, one["classes"]))) for one in values["targets"]
        ),
        tasks=tasks,
        loader="own",
        source=f"{values['file_name']}, brought along by its owner",
        licence="that of its owner",
        pixel_range=(0, 255) if values["kind"] == "image" else None,
    )


def _in_words(values: dict[str, Any]) -> str:
    told = " and ".join(one["name"] for one in values["targets"])
    if values["kind"] == "image":
        height, width, channels = values["raw_shape"]
        what = f"Pictures of {height} × {width} in {'colour' if channels == 3 else 'grey'}"
    else:
        many = values["raw_shape"][0]
        what = f"A table of {many:,} number{'' if many == 1 else 's'} a row"
    left_out = values.get("left_out", 0)
    rest = f", {left_out:,} left out" if left_out else ""
    return f"Your own data: {what[0].lower()}{what[1:]} that tell {told}{rest}."
