"""From raw features to what a design's input takes, learned from the training part alone."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from designer.datasets.fitting import shape_problem
from designer.datasets.gaps import has_gaps, means_of_known
from designer.datasets.resizing import resize
from designer.errors import DatasetError, unknown_name

METHODS = ("standardise", "normalise", "none")
"""How values are scaled. Tables are standardised unless said otherwise, images normalised."""

GREY_WEIGHTS = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""What red, green and blue count for in grey (ITU-R Recommendation BT.601)."""

_CHUNK = 1024  # examples at a time, so that fitting a large data set needs little memory


@dataclass(frozen=True)
class Preprocessing:
    """The steps that bring raw examples into a design's input shape, and their numbers.

    Made by :meth:`fit`, kept as JSON beside a trained model, applied batch by batch.

    Attributes:
        method: "standardise" (mean 0, standard deviation 1), "normalise" (0 to 1) or "none".
        raw_shape: one raw example: (features,) or (height, width, channels).
        input_shape: what the design takes: (features,), (height, width) or
            (height, width, channels).
        shift: subtracted from each column, or from each channel.
        scale: what the rest is divided by; 1 for a column that never changes.
        fill: what stands for a missing value (not-a-number) of each column of a table, before
            anything else is done: the mean of its training values; None where no value is missing.
    """

    method: str
    raw_shape: tuple[int, ...]
    input_shape: tuple[int, ...]
    shift: tuple[float, ...]
    scale: tuple[float, ...]
    fill: tuple[float, ...] | None = None

    @classmethod
    def fit(
        cls,
        features: np.ndarray,
        input_shape: Sequence[int],
        *,
        method: str | None = None,
        rows: np.ndarray | None = None,
        pixel_range: tuple[int, int] | None = (0, 255),
    ) -> Preprocessing:
        """Learn the numbers from the training examples.

        Args:
            features: raw tables (n, features) or images (n, height, width, channels).
            input_shape: what the design takes.
            method: one of ``METHODS``; None for "standardise" (tables) or "normalise" (images).
            rows: the indexes of the training examples; None if ``features`` has no others.
                Of the others is only asked whether a value is missing.
            pixel_range: the smallest and largest value a pixel can have (images): "normalise"
                brings that range to 0 to 1, whatever the training examples use of it.

        Raises:
            DatasetError: the shapes cannot be brought together, the method is unknown, there
                is no training example, or a value is infinite, or missing in a picture.
        """
        raw_shape = tuple(int(size) for size in features.shape[1:])
        wanted = tuple(input_shape)
        _check_shapes(raw_shape, wanted)
        is_image = len(raw_shape) == 3
        if method is None:
            method = "normalise" if is_image else "standardise"
        _check_method(method)
        if (len(features) if rows is None else len(rows)) == 0:
            raise DatasetError("Scaling is learned from training examples, and there are none.")
        fill = None
        if not is_image and has_gaps(features):
            fill = means_of_known(features, rows)
        if method == "none":
            width = _working_channels(raw_shape, wanted) if is_image else raw_shape[0]
            shift, scale = np.zeros(width), np.ones(width)
        elif is_image and method == "normalise":
            low, high = pixel_range or (0, 255)
            width = _working_channels(raw_shape, wanted)
            shift, scale = np.full(width, float(low)), np.full(width, float(high - low))
        else:
            shift, scale = _learn(features, rows, method, raw_shape, wanted, fill)
        return cls(
            method,
            raw_shape,
            wanted,
            tuple(map(float, shift)),
            tuple(map(float, scale)),
            None if fill is None else tuple(map(float, fill)),
        )

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of one prepared example: the design's ``input_shape``."""
        return self.input_shape

    @property
    def bytes_per_example(self) -> int:
        """Bytes of one prepared example: to know whether a whole data set fits in memory."""
        return 4 * math.prod(self.output_shape)

    def apply(self, batch: np.ndarray) -> np.ndarray:
        """Prepare raw examples.

        Args:
            batch: (n, *raw_shape), of any number type.

        Returns:
            float32 (n, *input_shape).

        Raises:
            DatasetError: the batch has another shape.
        """
        batch = np.asarray(batch)
        if batch.shape[1:] != self.raw_shape or batch.ndim != len(self.raw_shape) + 1:
            raise DatasetError(
                f"A batch of shape {batch.shape} was received; this preprocessing was fitted "
                f"on examples of shape {self.raw_shape}, so it takes (n, "
                f"{', '.join(map(str, self.raw_shape))})."
            )
        if len(self.raw_shape) == 1:
            # In float64, as a large shift would eat the digits of a float32.
            table = batch.astype(np.float64)
            if self.fill is not None:
                table = np.where(np.isnan(table), self.fill, table)
            return ((table - self.shift) / self.scale).astype(np.float32)
        channels = _working_channels(self.raw_shape, self.input_shape)
        pictures = _to_channels(batch, channels)
        if len(self.input_shape) > 1:
            pictures = resize(pictures, self.input_shape[0], self.input_shape[1])
        if self.method != "none":
            pictures = pictures - np.asarray(self.shift, np.float32)
            pictures /= np.asarray(self.scale, np.float32)
        if len(self.input_shape) == 3 and channels < self.input_shape[2]:
            pictures = np.repeat(pictures, self.input_shape[2], axis=3)
        return np.ascontiguousarray(pictures.reshape(len(batch), *self.input_shape))

    def describe(self) -> str:
        """Return what is done to the values, in a sentence or two."""
        if self.fill is not None:
            first = "A missing value becomes its column's mean over the training examples. "
            return first + replace(self, fill=None).describe()
        what = "column" if len(self.raw_shape) == 1 else "channel"
        if self.method == "standardise":
            return (
                f"Each {what} minus its mean, divided by its standard deviation, both of the "
                "training examples."
            )
        if self.method == "none":
            return "Values are left as they are."
        if what == "column":
            return "Each column from its smallest to its largest training value becomes 0 to 1."
        low, high = self.shift[0], self.shift[0] + self.scale[0]
        return f"Pixels from {low:g} to {high:g} become 0 to 1."

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "method": self.method,
            "raw_shape": list(self.raw_shape),
            "input_shape": list(self.input_shape),
            "shift": list(self.shift),
            "scale": list(self.scale),
            "fill": None if self.fill is None else list(self.fill),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Preprocessing:
        """Make it again from :meth:`to_dict`; earlier versions wrote no ``fill``.

        Raises:
            DatasetError: a value is missing or cannot be right.
        """
        fill = values.get("fill")
        try:
            result = cls(
                str(values["method"]),
                tuple(int(size) for size in values["raw_shape"]),
                tuple(int(size) for size in values["input_shape"]),
                tuple(float(value) for value in values["shift"]),
                tuple(float(value) for value in values["scale"]),
                None if fill is None else tuple(float(value) for value in fill),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DatasetError(
                f"This is not a preprocessing: {error!r}. It needs method, raw_shape, "
                "input_shape, shift and scale."
            ) from error
        _check_method(result.method)
        _check_shapes(result.raw_shape, result.input_shape)
        expected = (
            result.raw_shape[0]
            if len(result.raw_shape) == 1
            else _working_channels(result.raw_shape, result.input_shape)
        )
        numbers = (*result.shift, *result.scale)
        if (
            len(result.shift) != expected
            or len(result.scale) != expected
            or not all(map(math.isfinite, numbers))
            or 0 in result.scale
        ):
            raise DatasetError(
                f"This is not a preprocessing: shift and scale must have {expected} finite "
                f"numbers each, and no scale of 0; received {list(result.shift)} and "
                f"{list(result.scale)}."
            )
        if result.fill is not None and (
            result.raw_shape != (len(result.fill),) or not all(map(math.isfinite, result.fill))
        ):
            raise DatasetError(
                f"This is not a preprocessing: fill must have a finite number for each column of a "
                f"table; received {list(result.fill)} for examples of shape {result.raw_shape}."
            )
        return result

    def to_json(self) -> str:
        """Return it as a JSON text."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Preprocessing:
        """Make it again from :meth:`to_json`.

        Raises:
            DatasetError: the text is not JSON, or not a preprocessing.
        """
        try:
            values = json.loads(text)
        except ValueError as error:
            raise DatasetError(f"This is not JSON: {error}.") from error
        return cls.from_dict(values)


def _check_method(method: str) -> None:
    if method not in METHODS:
        raise DatasetError(unknown_name("preprocessing", method, METHODS))


def _check_shapes(raw_shape: tuple[int, ...], input_shape: tuple[int, ...]) -> None:
    if len(raw_shape) not in (1, 3) or (len(raw_shape) == 3 and raw_shape[2] not in (1, 3)):
        raise DatasetError(
            f"Examples of shape {raw_shape} cannot be prepared: they must be (features,) or "
            "(height, width, channels) with 1 or 3 channels."
        )
    problem = shape_problem(raw_shape, input_shape)
    if problem:
        raise DatasetError(problem.message)


def _working_channels(raw_shape: tuple[int, ...], input_shape: tuple[int, ...]) -> int:
    """Return how many channels are resized and scaled: never more than the pictures have."""
    height, width, channels = raw_shape
    if len(input_shape) == 1:
        return channels if input_shape[0] == height * width * channels else 1
    return min(channels, 1 if len(input_shape) == 2 else input_shape[2])


def _to_channels(pictures: np.ndarray, channels: int) -> np.ndarray:
    """Return pictures as float32 with as many channels, or with grey in place of colours."""
    if channels < pictures.shape[3]:
        return (pictures.astype(np.float32) @ GREY_WEIGHTS)[..., np.newaxis]
    return pictures.astype(np.float32)


def _learn(
    features: np.ndarray,
    rows: np.ndarray | None,
    method: str,
    raw_shape: tuple[int, ...],
    input_shape: tuple[int, ...],
    fill: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the shift and scale of each column, or of each channel of unresized pictures.

    Pictures are looked at before they are resized, which would take long and changes their
    mean not at all and their spread a little.
    """
    picked = np.arange(len(features)) if rows is None else np.asarray(rows)
    columns = 1 if len(raw_shape) == 1 else _working_channels(raw_shape, input_shape)

    def chunks() -> Iterator[np.ndarray]:
        """Give float64 (examples, values), a picture's values in rows of channels."""
        for start in range(0, len(picked), _CHUNK):
            chunk = features[picked[start : start + _CHUNK]]
            if len(raw_shape) == 3:
                chunk = _to_channels(chunk, columns)
            chunk = chunk.reshape(len(chunk), -1).astype(np.float64)
            if fill is not None:
                chunk = np.where(np.isnan(chunk), fill, chunk)
            bad = np.flatnonzero(~np.isfinite(chunk.sum(axis=0)))
            if len(bad):
                raise DatasetError(
                    f"Column {bad[0]} of the training examples has a value that is not a finite "
                    "number: leave such examples out."
                )
            yield chunk

    def by_channel(values: np.ndarray) -> np.ndarray:
        """Bring a picture's values together, (places, channels); a table's stay one each."""
        return values.reshape(-1, columns) if len(raw_shape) == 3 else values[np.newaxis]

    if method == "normalise":
        lows, highs = zip(
            *((chunk.min(axis=0), chunk.max(axis=0)) for chunk in chunks()), strict=True
        )
        low, high = np.min(lows, axis=0), np.max(highs, axis=0)
        return low, np.where(high > low, high - low, 1.0)
    mean_of_each = np.sum([chunk.sum(axis=0) for chunk in chunks()], axis=0) / len(picked)
    mean = by_channel(mean_of_each).mean(axis=0)
    centre = np.broadcast_to(mean, by_channel(mean_of_each).shape).reshape(-1)
    # A second pass: the mean of squares minus the square of the mean loses its digits.
    squares = np.zeros(len(centre))
    for chunk in chunks():
        chunk -= centre
        squares += np.einsum("ij,ij->j", chunk, chunk)
    deviation = np.sqrt(by_channel(squares / len(picked)).mean(axis=0))
    # What is left of a constant column is the rounding of its mean.
    constant = deviation <= 1e-9 * np.maximum(np.abs(mean), 1e-12)
    return mean, np.where(constant, 1.0, deviation)
