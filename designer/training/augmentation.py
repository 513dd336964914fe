"""How pictures are varied while training (book: invariance to translation, rotation, scale)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from designer.errors import unknown_name
from designer.training.settings_error import SettingsError

FLIPS = ("none", "horizontal", "vertical", "both")


@dataclass(frozen=True)
class Augmentation:
    """How far each training picture is moved, turned and changed at random, anew each epoch.

    Nothing of it touches the pictures that a model is measured on.

    Attributes:
        translation: up to this part of its sides a picture is moved, 0–0.5.
        rotation: up to this many degrees it is turned either way, 0–180.
        zoom: up to this part it is made larger or smaller, 0–0.5.
        flip: whether it may be mirrored: one of ``FLIPS``.
        brightness: up to this part of their range its pixels are made brighter or darker, 0–0.5.

    Raises:
        SettingsError: a value of the wrong type or out of range.
    """

    translation: float = 0.0
    rotation: float = 0.0
    zoom: float = 0.0
    flip: str = "none"
    brightness: float = 0.0

    def __post_init__(self) -> None:
        for name, most in (
            ("translation", 0.5),
            ("rotation", 180.0),
            ("zoom", 0.5),
            ("brightness", 0.5),
        ):
            value = getattr(self, name)
            good = isinstance(value, int | float) and not isinstance(value, bool)
            if not good or not math.isfinite(value) or not 0 <= value <= most:
                raise SettingsError(
                    f"augmentation.{name} must be a number from 0 to {most:g}, received {value!r}.",
                    field=f"augmentation.{name}",
                )
            object.__setattr__(self, name, float(value))
        if self.flip not in FLIPS:
            raise SettingsError(unknown_name("flip", self.flip, FLIPS), field="augmentation.flip")

    @property
    def is_on(self) -> bool:
        """Whether anything is varied at all."""
        return self != Augmentation()

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Augmentation:
        """Return what ``to_dict`` wrote; what is missing takes its default.

        Raises:
            SettingsError: something unknown, or a bad value.
        """
        if not isinstance(values, Mapping):
            raise SettingsError(
                f"augmentation is a JSON object, received {type(values).__name__}.",
                field="augmentation",
            )
        known = [one.name for one in fields(cls)]
        for name in values:
            if name not in known:
                raise SettingsError(
                    unknown_name("augmentation", name, known), field=f"augmentation.{name}"
                )
        return cls(**values)


def check_varies(augmentation: Augmentation, input_shape: Sequence[int]) -> None:
    """Check that there are pictures to vary where something shall be varied.

    Args:
        augmentation: of the settings.
        input_shape: of the design.

    Raises:
        SettingsError: the design does not take pictures.
    """
    if augmentation.is_on and len(input_shape) not in (2, 3):
        raise SettingsError(
            "augmentation varies pictures, of shape (height, width) or (height, width, channels);"
            f" this design takes {tuple(input_shape)}. Switch augmentation off, or take a design"
            " for pictures.",
            field="augmentation",
        )
