"""The proof that an export reloads: what is predicted, and how the two are compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from designer.errors import ExportError

if TYPE_CHECKING:
    import keras
    import numpy as np

CHECK_SECONDS = 300.0
"""How long a fresh process may take to import TensorFlow, load the export and predict."""

MOST_EXAMPLES = 64

SMALLEST_SCALE = 1e-3
"""Outputs smaller than this are not asked to agree to a finer figure than it allows."""


def inputs_to_check(input_shape: Sequence[int], examples: Path | None) -> list[np.ndarray]:
    """Return batches of 1 and 3 examples, and of more where more are given: any size must work.

    Args:
        input_shape: of one example.
        examples: a ``.npy`` file of examples as the model takes them, (n, *input_shape); the
            first 64 are used. ``None`` makes four at random, the same each time.

    Raises:
        ExportError: the file cannot be read, or its examples have another shape.
    """
    import numpy as np

    if examples is None:
        rows = np.random.default_rng(0).normal(size=(4, *input_shape)).astype(np.float32)
    else:
        try:
            held = np.load(examples, mmap_mode="r", allow_pickle=False)
            if len(held) == 0 or held.shape[1:] != tuple(input_shape):
                raise ExportError(
                    f"The examples in {examples} have the shape {held.shape}; this model is"
                    f" checked with (n, {', '.join(map(str, input_shape))}), n at least 1."
                )
            rows = np.asarray(held[:MOST_EXAMPLES], np.float32)
        except ExportError:
            raise
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise ExportError(
                f"The examples in {examples} cannot be read ({error}); a .npy file of numbers,"
                " one example a row, works."
            ) from None
        if len(rows) < 4:
            rows = rows[np.arange(4) % len(rows)]
    return [batch for batch in (rows[:1], rows[1:4], rows[4:]) if len(batch)]


def own_predictions(model: keras.Model, batches: Sequence[np.ndarray]) -> list[list[np.ndarray]]:
    """Return the model's own outputs: for each batch a list of arrays, one a head."""
    import numpy as np
    import tensorflow as tf

    with tf.device("CPU:0"):  # where the fresh process predicts
        return [
            [np.asarray(output) for output in tf.nest.flatten(model(batch, training=False))]
            for batch in batches
        ]


def compare(
    expected: Sequence[Sequence[np.ndarray]],
    received: Sequence[Sequence[np.ndarray]],
    tolerance: float,
    which: str = "",
    smallest_scale: float = SMALLEST_SCALE,
    spread: float | None = None,
) -> tuple[float, float]:
    """Return the largest difference between predictions, and the largest allowed.

    Allowed is ``tolerance`` times the largest output of the model, for each head by itself;
    what is returned is of the head that comes nearest to it. ``which`` says in an error what
    was called; outputs below ``smallest_scale`` count as much as it. With ``spread`` (see
    :func:`spread_of`), allowed is ``tolerance`` times this, however large the outputs are.

    Raises:
        ExportError: a difference is beyond it, with the figures, or a shape is another.
    """

    found: list[tuple[float, float]] = []
    for number, head in enumerate(zip(*expected, strict=True)):
        difference, scale = 0.0, smallest_scale
        for batch, own in enumerate(head):
            heads = received[batch] if batch < len(received) else []
            if number >= len(heads) or len(heads) != len(expected[batch]):
                raise ExportError(
                    f"The reloaded export{which} returned {len(heads)} outputs where the model"
                    f" returns {len(expected[batch])}, so it is not offered."
                )
            other = heads[number]
            if other.shape != own.shape:
                raise ExportError(
                    f"The reloaded export{which} returned an output of shape {other.shape} where"
                    f" the model returns {own.shape}, so it is not offered."
                )
            difference = max(difference, _largest_difference(own, other))
            scale = max(scale, _largest(own))
        found.append((difference, tolerance * (scale if spread is None else spread)))
    difference, allowed = max(found, key=lambda pair: pair[0] / pair[1])
    if difference > allowed:
        part, advice = "the largest output", ""
        if spread is not None:
            part = "twice the standard deviation of its predictions"
            advice = (
                " Whole numbers of 8 bits are too few for predictions that are far from 0 and"
                " close together: other ways to quantize, or none, may work."
            )
        raise ExportError(
            f"The reloaded export{which} predicts otherwise than the model: by up to"
            f" {difference:.3g}, where {allowed:.3g} is allowed ({tolerance:g} of {part}). It is"
            f" not offered, and nothing was kept.{advice}"
        )
    return difference, allowed


def spread_of(outputs: Sequence[np.ndarray], rounding: float) -> float:
    """Return how far the predictions of a regression lie apart: about as much as the largest
    would be if their mean were 0. Years between 1990 and 2010 are large, but what a model knows
    of them is in how they differ.

    Args:
        outputs: of all examples, (n, units) each; the unit that spreads most counts, as in the
            loss.
        rounding: the smallest spread there can be, as a part of the largest output.

    Returns:
        twice the standard deviation.
    """
    import numpy as np

    joined = np.concatenate(outputs).astype(np.float64)
    finite = joined[np.isfinite(joined).all(axis=tuple(range(1, joined.ndim)))]
    spread = 2 * float(finite.std(axis=0).max()) if finite.size else 0.0
    return max(spread, rounding * _largest(joined), SMALLEST_SCALE)


def called(signature: str) -> str:
    """Return how an error names a signature."""
    return f", called by its signature {signature!r},"


def _largest(outputs: np.ndarray) -> float:
    import numpy as np

    finite = np.abs(outputs[np.isfinite(outputs)])
    return float(finite.max()) if finite.size else 0.0


def _largest_difference(own: np.ndarray, other: np.ndarray) -> float:
    import numpy as np

    same = (own == other) | (np.isnan(own) & np.isnan(other))
    with np.errstate(invalid="ignore"):
        differences: Any = np.abs(own.astype(np.float64) - other.astype(np.float64))
    differences = np.where(same, 0.0, np.where(np.isnan(differences), np.inf, differences))
    return float(differences.max()) if differences.size else 0.0
