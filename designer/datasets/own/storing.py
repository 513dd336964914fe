"""People's own data sets on disk: a folder each, with a description and plain arrays.

``home()/data/own-k3f9x2ab/`` holds ``description.json``, ``features.npy`` and ``targets.npy``,
which are read through the disk's cache and never as a whole, and a small sample of both for a
preview. The folder appears complete or not at all.

The description says its version. A later version may add fields, which earlier ones pass over;
one that changes the meaning of a field raises ``VERSION``, and earlier ones then say so.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from designer.datasets.cache import (
    PREVIEW_PER_CLASS,
    PREVIEW_WITHOUT_CLASSES,
    RawArrays,
    check_arrays,
    spread_rows,
)
from designer.datasets.catalogue import OWN_PREFIX, DatasetInfo, Kind, Target, TaskView
from designer.datasets.own.drafts import Choices, Draft, shortened
from designer.datasets.own.limits import FREE_AFTERWARDS, MEGABYTE, MOST_DATASETS
from designer.datasets.own.writing import ArrayWriter
from designer.errors import DatasetError
from designer.paths import home

FORMAT = "model-designer-data"
VERSION = 1

FEWEST_EXAMPLES = 3
"""One to train on, one to validate with, one to test with."""

LONGEST_TITLE = 80

_DESCRIPTION = "description.json"
_UNFINISHED = ".unfinished-"
_LARGEST_PREVIEW = 20 * MEGABYTE
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look alike


def data_folder() -> Path:
    """Return the folder of all own data sets, made if it is not there."""
    folder = home() / "data"
    folder.mkdir(exist_ok=True)
    return folder


def is_own(name: object) -> bool:
    """Say whether a name is one of an own data set, there or not."""
    return isinstance(name, str) and name.startswith(OWN_PREFIX) and name.isascii() and all(
        letter in _LETTERS for letter in name.removeprefix(OWN_PREFIX)
    )  # fmt: skip


def description(name: str) -> dict[str, Any]:
    """Return what is written about an own data set, its ``owner`` and ``encoding`` included.

    Raises:
        DatasetError: it is not there (any more), or was written by a later version.
    """
    try:
        path = data_folder() / name / _DESCRIPTION
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
        if values.get("content") == content and values.get("choices") == wanted:
            return info
    return None


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
    gone = folder.with_name(f"{_UNFINISHED}{name}-{secrets.token_hex(4)}")
    folder.rename(gone)  # at once for everybody, even if a file is still in use
    shutil.rmtree(gone, ignore_errors=True)


class Writers:
    """The two arrays of a data set while they are written."""

    def __init__(self, features: ArrayWriter, targets: ArrayWriter):
        self._features = features
        self._targets = targets

    def append(self, features: np.ndarray, targets: np.ndarray) -> None:
        """Write some more examples."""
        self._features.append(features)
        self._targets.append(targets)


class Keeping:
    """A data set that is being written. Use it in a ``with`` statement; :meth:`finish` it.

    Args:
        draft: what it is made of.
        choices: what was decided.
        owner: whose it will be.

    Raises:
        DatasetError: the owner has too many, or the disk is full.
    """

    def __init__(self, draft: Draft, choices: Choices, owner: str):
        if len(own_datasets(owner)) >= MOST_DATASETS:
            raise DatasetError(
                f"You have {MOST_DATASETS} data sets of your own, the most that are kept. Delete "
                "one first."
            )
        self._draft = draft
        self._choices = choices
        self._owner = owner
        self._notes: dict[str, Any] = {}
        self._folder: Path | None = None
        self._kept: DatasetInfo | None = None

    def __enter__(self) -> Keeping:
        self._folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=data_folder()))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise DatasetError(
                f"The data set cannot be written: {error.strerror or error}. Make room, or set "
                "MODEL_DESIGNER_HOME to a folder that can be written."
            ) from error

    def check_room(self, needed: int) -> None:
        """Check that the disk has room for so many bytes.

        Raises:
            DatasetError: it has not.
        """
        free = shutil.disk_usage(data_folder()).free - FREE_AFTERWARDS
        if needed > free:
            raise DatasetError(
                f"The data take {needed // MEGABYTE:,} MB on disk, and {max(0, free) // MEGABYTE:,}"
                " MB are free for them. Make room, or keep less of them."
            )

    @contextlib.contextmanager
    def writers(
        self, row_shape: tuple[int, ...], dtype: str, targets: int, target_dtype: str
    ) -> Iterator[Writers]:
        """Open the arrays for writing."""
        assert self._folder is not None
        with (
            ArrayWriter(self._folder / "features.npy", row_shape, np.dtype(dtype)) as features,
            ArrayWriter(self._folder / "targets.npy", (targets,), np.dtype(target_dtype)) as told,
        ):
            yield Writers(features, told)

    def note(self, **values: Any) -> None:
        """Put more into the description; JSON values."""
        self._notes |= values

    def entry(
        self,
        kind: Kind,
        targets: tuple[Target, ...],
        tasks: tuple[TaskView, ...],
        *,
        feature_names: tuple[str, ...] = (),
    ) -> DatasetInfo:
        """Finish: write the preview and the description, and let the data set appear.

        Raises:
            DatasetError: too few examples are left.
        """
        assert self._folder is not None
        features = np.load(self._folder / "features.npy", mmap_mode="r", allow_pickle=False)
        told = np.load(self._folder / "targets.npy", allow_pickle=False)
        if len(features) < FEWEST_EXAMPLES:
            raise DatasetError(
                f"{len(features)} example{'s are' if len(features) != 1 else ' is'} left to learn "
                f"from; at least {FEWEST_EXAMPLES} are needed: to train, to validate and to test."
            )
        classes = len(targets[0].classes)
        sample = PREVIEW_PER_CLASS * classes if classes else PREVIEW_WITHOUT_CLASSES
        affordable = max(1, _LARGEST_PREVIEW // max(1, features[0].nbytes))
        rows = spread_rows(told[:, 0], min(sample, affordable))
        np.save(self._folder / "preview_features.npy", features[rows])
        np.save(self._folder / "preview_targets.npy", told[rows])
        draft = self._draft
        values = {
            "format": FORMAT,
            "version": VERSION,
            "title": shortened(self._choices.title or Path(draft.file_name).stem, LONGEST_TITLE)
            or "Own data",
            "kind": kind,
            "examples": len(features),
            "raw_shape": list(features.shape[1:]),
            "feature_names": list(feature_names),
            "targets": [{"name": one.name, "classes": list(one.classes)} for one in targets],
            "tasks": [view.to_dict() for view in tasks],
            "owner": self._owner,
            "created": time.time(),
            "file_name": draft.file_name,
            "file_bytes": draft.file_bytes,
            "content": draft.content,
            "choices": self._choices.to_dict(),
            "class_counts": [
                np.bincount(told[:, place], minlength=len(one.classes)).tolist()
                for place, one in enumerate(targets)
                if one.classes
            ],
            **self._notes,
        }
        del features
        return self._appear(values)

    def _appear(self, values: dict[str, Any]) -> DatasetInfo:
        assert self._folder is not None
        unfinished = self._folder
        unfinished.chmod(0o755)
        for _ in range(100):
            name = OWN_PREFIX + "".join(secrets.choice(_LETTERS) for _ in range(8))
            text = json.dumps(values | {"name": name}, ensure_ascii=False, indent=1)
            (unfinished / _DESCRIPTION).write_text(text, encoding="utf-8")
            with contextlib.suppress(FileExistsError):
                if (data_folder() / name).exists():
                    raise FileExistsError
                unfinished.rename(data_folder() / name)
                self._folder = None
                return own_info(name)
        raise DatasetError("No free name was found for the data set. Try again.")


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
