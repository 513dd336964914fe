"""What a person chooses about training, apart from the design: one frozen value."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from designer.errors import unknown_name
from designer.training.augmentation import Augmentation
from designer.training.settings_error import SettingsError

SCALINGS = ("auto", "standardise", "normalise", "none")
"""``auto``: tables are standardised, pictures normalised to 0–1."""

TARGET_SCALINGS = ("auto", "none")
"""``auto``: the targets of a regression are learned about 0 and as large as about 1; figures and
the model stay in the data's unit (see ``designer.training.scaled_targets``). A loss with a weight
penalty (L2) is that of the data, in their unit, and the penalty of the weights that learn."""

SCHEDULES = ("constant", "step", "cosine", "plateau")
"""How the learning rate goes: as it is; times a factor every few epochs; down along a half
cosine (Loshchilov and Hutter, arXiv:1608.03983); times a factor whenever nothing improves."""

CLASS_WEIGHTS = ("none", "balanced")
"""``balanced``: an example counts in inverse proportion to how common its class is."""

KEEPS = ("last", "best")

MOST_EPOCHS = 100_000
MOST_EXAMPLES_A_BATCH = 65_536
LARGEST_SEED = 2**31 - 1


_MONITORS = re.compile(r"(val_)?[a-z][a-z0-9_]{0,60}")


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
        target_scaling: how the targets of a regression are, one of ``TARGET_SCALINGS``.
        schedule: how the learning rate goes, one of ``SCHEDULES``.
        warm_up: epochs in which the learning rate rises to its full value; 0 for none.
        schedule_epochs: for ``step``, epochs from one fall to the next; for ``plateau``,
            epochs without improvement before a fall.
        schedule_factor: what the learning rate is multiplied by at each fall.
        lowest_learning_rate: under which no schedule takes it.
        early_stopping: epochs without improvement after which training ends; ``None`` for never.
        monitor: the figure that tells improvement, such as ``val_loss`` or ``val_accuracy``.
        keep: whose weights become the model: those of the ``"last"`` step, or of the ``"best"``
            epoch by ``monitor``.
        weight_decay: share of each weight taken off at a step, times the learning rate (decoupled:
            Loshchilov and Hutter, arXiv:1711.05101); 0 for none.
        clip_norm: the length to which the gradient of all weights is cut; ``None`` leaves it.
        class_weights: one of ``CLASS_WEIGHTS``.
        augmentation: how pictures are varied while training; see ``Augmentation``.
        tensorboard: whether the figures also go into a TensorBoard log folder.
        mlflow: whether they also go to MLflow.

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
    target_scaling: str = "auto"
    schedule: str = "constant"
    warm_up: int = 0
    schedule_epochs: int = 5
    schedule_factor: float = 0.5
    lowest_learning_rate: float = 0.0
    early_stopping: int | None = None
    monitor: str = "val_loss"
    keep: str = "last"
    weight_decay: float = 0.0
    clip_norm: float | None = None
    class_weights: str = "none"
    augmentation: Augmentation = field(default_factory=Augmentation)
    tensorboard: bool = False
    mlflow: bool = False

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
        for name, known in (
            ("scaling", SCALINGS),
            ("target_scaling", TARGET_SCALINGS),
            ("schedule", SCHEDULES),
            ("class_weights", CLASS_WEIGHTS),
            ("keep", KEEPS),
        ):
            if getattr(self, name) not in known:
                raise SettingsError(
                    unknown_name(name.replace("_", " "), getattr(self, name), known), field=name
                )
        _whole_number("warm_up", self.warm_up, 0, MOST_EPOCHS)
        _whole_number("schedule_epochs", self.schedule_epochs, 1, MOST_EPOCHS)
        self._bounded("schedule_factor", 0, 1, "the learning rate falls by it; 0.5 halves it")
        self._bounded("lowest_learning_rate", -1e-300, 100, "0 sets no bound")
        self._bounded("weight_decay", -1e-300, 1, "0.0001 is a usual start, 0 is none")
        if self.early_stopping is not None:
            _whole_number("early_stopping", self.early_stopping, 1, MOST_EPOCHS)
        if self.clip_norm is not None:
            self._bounded("clip_norm", 0, 1e9, "1 is a usual start")
        if not isinstance(self.monitor, str) or not _MONITORS.fullmatch(self.monitor):
            raise SettingsError(
                "monitor must be the name of a figure, such as val_loss or val_accuracy,"
                f" received {self.monitor!r}.",
                field="monitor",
            )
        for name in ("tensorboard", "mlflow"):
            if not isinstance(getattr(self, name), bool):
                raise SettingsError(
                    f"{name} must be true or false, received {getattr(self, name)!r}.", field=name
                )
        if not isinstance(self.augmentation, Augmentation):
            self._set("augmentation", Augmentation.from_dict(self.augmentation))

    def _bounded(self, name: str, above: float, most: float, hint: str) -> None:
        value = _number(name, getattr(self, name))
        self._set(name, value)
        if not above < value <= most:
            least = "0 or more" if above < 0 else f"above {above:g}"
            raise SettingsError(
                f"{name} must be {least} and at most {most:g} ({hint}), received {value:g}.",
                field=name,
            )

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
        known = [one.name for one in fields(cls)]
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


_BEFORE_CHOICE = {"target_scaling": "none"}
"""What runs were trained with before it could be chosen, where the default now is another."""


def as_trained(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a kept run, completed by what it was trained with where an earlier
    version kept none: it must not change when it is taken up again or started anew."""
    return {**settings, **{n: v for n, v in _BEFORE_CHOICE.items() if n not in settings}}


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
