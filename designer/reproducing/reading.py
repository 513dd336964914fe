"""A package, read and checked: what it says of the training of its model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from designer.design import Design
from designer.errors import DesignerError, PackageError
from designer.exports.checksums import CHECKSUMS_FILE, read_checksums
from designer.exports.package_record import RECORD_FILE, RECORD_FORMAT, RECORD_VERSION
from designer.reproducing.sources import Source, source_of
from designer.training.settings import TrainingSettings

_MOST_CHECKSUMS = 20_000_000  # bytes
_MOST_RECORD = 64_000_000  # bytes: a hundred thousand epochs fit


@dataclass(frozen=True)
class Package:
    """What a package says of the training of its model.

    Attributes:
        name: of the zip or the folder.
        title: what the model is called.
        design: its design.
        settings: how it was trained.
        data: what it was trained on, see :func:`designer.training.recording.data_record`.
        figures: the final ones; ``None`` for one that was no number.
        epochs: the figures of each epoch, with its number under ``epoch``.
        versions: of what it was trained with.
        state: how the run ended, ``"finished"`` or ``"stopped"``.
        steps: of the optimizer, done.
        steps_an_epoch: steps of one epoch; 0 if it is not known.
        changed: settings that were changed under way, each with its ``epoch``.
    """

    name: str
    title: str
    design: Design
    settings: TrainingSettings
    data: Mapping[str, Any]
    figures: Mapping[str, float | None]
    epochs: tuple[Mapping[str, float | None], ...]
    versions: Mapping[str, str]
    state: str
    steps: int
    steps_an_epoch: int
    changed: tuple[Mapping[str, Any], ...]


def open_package(path: Path) -> Package:
    """Read a package and check every file of it against its checksums. Nothing is unpacked.

    Args:
        path: its zip, or the folder it was unpacked to.

    Raises:
        PackageError: it is damaged, was changed, is none of ours, is of a later version, or its
            model was never trained.
    """
    with source_of(path, RECORD_FILE) as source:
        for needed in (RECORD_FILE, CHECKSUMS_FILE):
            if not source.has(needed):
                raise PackageError(
                    f"{source.name} is no package of Model Designer, or one of an earlier version:"
                    f" there is no {needed} in it."
                )
        _verify(source)
        text = source.read(RECORD_FILE, _MOST_RECORD)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PackageError(f"{source.name}: {RECORD_FILE} is no JSON ({error}).") from None
    return _package(source.name, record)


def _verify(source: Source) -> None:
    """Check every file that the checksums name, the record among them."""
    try:
        text = source.read(CHECKSUMS_FILE, _MOST_CHECKSUMS).decode("utf-8")
        wanted = read_checksums(text)
    except (UnicodeDecodeError, PackageError) as error:
        raise PackageError(f"{source.name}: {error}") from None
    if RECORD_FILE not in wanted:
        raise PackageError(f"{source.name}: {CHECKSUMS_FILE} does not name {RECORD_FILE}.")
    for path, digest in wanted.items():
        if not source.has(path):
            raise PackageError(f"{source.name}: {path} is missing. Take the package anew.")
        if source.digest(path) != digest:
            raise PackageError(
                f"{source.name}: {path} is not what it was when the package was made: its checksum"
                " is another. Take the package anew."
            )


def _package(name: str, record: Any) -> Package:
    if not isinstance(record, dict) or record.get("format") != RECORD_FORMAT:
        raise PackageError(f"{name}: {RECORD_FILE} is no record of Model Designer.")
    version = record.get("version")
    if not isinstance(version, int) or version > RECORD_VERSION:
        raise PackageError(
            f"{name} was made by a later version of Model Designer (record {version!r}; this one"
            f" reads up to {RECORD_VERSION}). Install a later one."
        )
    if not record.get("trained"):
        raise PackageError(
            f"{name} holds an untrained model: there is no training to do again. Train its design:"
            " python -m designer train design.json."
        )
    training = record.get("training")
    if not isinstance(training, dict):
        raise PackageError(
            f"{name} keeps no record of how its model was trained: it was exported without its run."
        )
    try:
        return Package(
            name=name,
            title=str(record.get("title", "")),
            design=Design.from_dict(record["design"]),
            settings=TrainingSettings.from_dict(training["settings"]),
            data=_mapping(training["data"]),
            figures=_figures(training["metrics"]),
            epochs=tuple(_figures(one) for one in training["epochs"]),
            versions={str(k): str(v) for k, v in _mapping(training["versions"]).items()},
            state=str(training["state"]),
            steps=int(training["steps"]),
            steps_an_epoch=int(training["steps_in_all"]) // max(1, int(training["epochs_in_all"])),
            changed=tuple(_mapping(one) for one in training.get("changed", ())),
        )
    except DesignerError as error:
        raise PackageError(f"{name}: {RECORD_FILE}: {error}") from None
    except KeyError as error:
        raise PackageError(f"{name}: {RECORD_FILE} cannot be used: it lacks {error}.") from None
    except (TypeError, ValueError, OverflowError) as error:
        raise PackageError(f"{name}: {RECORD_FILE} cannot be used ({error}).") from None


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"an object was expected, received {type(value).__name__}")
    return value


def _figures(value: Any) -> dict[str, float | None]:
    return {
        str(name): None if figure is None else float(figure)
        for name, figure in _mapping(value).items()
    }
