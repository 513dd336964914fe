"""A data set of somebody's own while it is written: it appears complete or not at all."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from designer.datasets.cache import PREVIEW_PER_CLASS, PREVIEW_WITHOUT_CLASSES, spread_rows
from designer.datasets.catalogue import OWN_PREFIX, DatasetInfo, Kind, Target, TaskView
from designer.datasets.own.drafts import Choices, Draft, shortened
from designer.datasets.own.limits import FREE_AFTERWARDS, MEGABYTE, MOST_DATASETS
from designer.datasets.own.storing import (
    DESCRIPTION,
    FORMAT,
    LETTERS,
    UNFINISHED,
    VERSION,
    data_folder,
    own_datasets,
    own_info,
)
from designer.datasets.own.writing import ArrayWriter
from designer.errors import DatasetError

FEWEST_EXAMPLES = 3
"""One to train on, one to validate with, one to test with."""

LONGEST_TITLE = 80

_LARGEST_PREVIEW = 20 * MEGABYTE


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
        self._folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=data_folder()))
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
            name = OWN_PREFIX + "".join(secrets.choice(LETTERS) for _ in range(8))
            text = json.dumps(values | {"name": name}, ensure_ascii=False, indent=1)
            (unfinished / DESCRIPTION).write_text(text, encoding="utf-8")
            with contextlib.suppress(FileExistsError):
                if (data_folder() / name).exists():
                    raise FileExistsError
                unfinished.rename(data_folder() / name)
                self._folder = None
                return own_info(name)
        raise DatasetError("No free name was found for the data set. Try again.")
