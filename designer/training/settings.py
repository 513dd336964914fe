"""What a person chooses about training, apart from the design: one frozen value."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from designer.errors import DesignerError, unknown_name

SCALINGS = ("auto", "standardise", "normalise", "none")
"""``auto``: tables are standardised, pictures normalised to 0–1."""

MOST_EPOCHS = 100_000
MOST_EXAMPLES_A_BATCH = 65_536
LARGEST_SEED = 2**31 - 1


class SettingsError(DesignerError):
    """A training setting that makes no sense.

    Attributes:
        field: the setting at fault (``batch_size``), or ``None``.
    """

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class TrainingSettings:
    """How to train: the data, how they are split and scaled, and the hyperparameters.

    Attributes:
        dataset: name of a data set in the catalogue (``"mnist_5k"``).
        task: which view of the data set to learn (``"multiclass"``); ``None`` takes the
            task of the design.
        epochs: passes over the training examples.
        batch_size: examples in one step of the optimizer.
        learning_rate: step size of the optimizer; ``None`` keeps the optimizer's own.
        seed: fixes the split, the first weights, and the order of the examples.
        validation: part of all examples, 0–1, measured after each epoch.
        test: part of all examples, 0–1, held out until the end.
        scaling: how features are scaled, one of ``SCALINGS``.

    Raises:
        SettingsError: a value of the wrong type or out of range; its ``field`` says which.
    """

    dataset: str
    task: str | None = None
    epochs: int = 10
    batch_size: int = 32
    learning_rate: float | None = None
    seed: int = 0
    validation: float = 0.15
    test: float = 0.15
    scaling: str = "auto"

    def __post_init__(self) -> None:
        if not isinstance(self.dataset, str) or not self.dataset:
            raise SettingsError(
                f"dataset must be the name of a data set, received {self.dataset!r}.",
                field="dataset",
            )
        if self.task is not None and (not isinstance(self.task, str) or not self.task):
            raise SettingsError(
                f"task must be the name of a task or null, received {self.task!r}.", field="task"
            )
        _whole_number("epochs", self.epochs, 1, MOST_EPOCHS)
        _whole_number("batch_size", self.batch_size, 1, MOST_EXAMPLES_A_BATCH)
        _whole_number("seed", self.seed, 0, LARGEST_SEED)
        if self.learning_rate is not None:
            self._set("learning_rate", _number("learning_rate", self.learning_rate))
            if not 0 < self.learning_rate <= 100:
                raise SettingsError(
                    "learning_rate must be above 0 and at most 100 (0.001 is a usual start), "
                    f"received {self.learning_rate}.",
                    field="learning_rate",
                )
        for name in ("validation", "test"):
            value = _number(name, getattr(self, name))
            self._set(name, value)
            if not 0 < value < 1:
                raise SettingsError(
                    f"{name} is a part of the examples, above 0 and below 1 "
                    f"(0.15 is 15%), received {value}.",
                    field=name,
                )
        if self.validation + self.test > 0.9:
            raise SettingsError(
                f"validation and test together take {self.validation + self.test:.0%} of the "
                "examples; at least 10% must be left to train on.",
                field="validation",
            )
        if self.scaling not in SCALINGS:
            raise SettingsError(unknown_name("scaling", self.scaling, SCALINGS), field="scaling")

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def replace(self, **changes: Any) -> TrainingSettings:
        """Return a copy with some settings changed, checked like a new one."""
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as JSON values."""
        return asdict(self)

    def to_json(self) -> str:
        """Return the settings as JSON text."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainingSettings:
        """Return the settings kept by ``to_dict``; what is missing takes its default.

        Raises:
            SettingsError: an unknown setting, a missing data set, or a bad value.
        """
        if not isinstance(values, Mapping):
            raise SettingsError(
                f"Training settings are a JSON object, received {type(values).__name__}."
            )
        known = [field.name for field in fields(cls)]
        for name in values:
            if name not in known:
                raise SettingsError(unknown_name("training setting", name, known), field=str(name))
        if "dataset" not in values:
            raise SettingsError("Training settings must name a dataset.", field="dataset")
        return cls(**values)

    @classmethod
    def from_json(cls, text: str) -> TrainingSettings:
        """Return the settings kept by ``to_json``.

        Raises:
            SettingsError: the text is not JSON, or what ``from_dict`` refuses.
        """
        try:
            values = json.loads(text)
        except ValueError as error:
            raise SettingsError(f"These training settings are not JSON: {error}.") from None
        return cls.from_dict(values)


def _whole_number(name: str, value: object, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SettingsError(
            f"{name} must be a whole number from {least} to {most}, received {value!r}.",
            field=name,
        )


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SettingsError(f"{name} must be a number, received {value!r}.", field=name)
    return float(value)
