"""A fitted preprocessing as Python lines that need numpy alone, for those who take a model home.

The lines do what :meth:`designer.datasets.preprocessing.Preprocessing.apply` does and hold only
the steps that are needed; the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from designer.datasets.preprocessing import Preprocessing

_RESIZE = '''\
def resize_weights(before, after):
    """Return the weights (after, before) that resize a line of pixels (bilinear, antialiased)."""
    step = before / after
    centres = (np.arange(after) + 0.5) * step
    distance = np.abs(np.arange(before) + 0.5 - centres[:, np.newaxis]) / max(step, 1.0)
    weights = np.maximum(0.0, 1.0 - distance)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


'''


def preparation_code(preprocessing: Preprocessing) -> str:
    """Return lines that define ``prepare(raw)``: raw (n, …) to float32 (n, *input_shape).

    They expect ``import numpy as np`` before them.
    """
    raw, wanted = preprocessing.raw_shape, preprocessing.input_shape
    if len(raw) == 1:
        steps = [f"values = np.asarray(raw, np.float64)  # (n, {raw[0]})"]
        if preprocessing.fill is not None:
            steps.append("# what is missing (nan) becomes its column's mean in training")
            steps.append(
                f"values = np.where(np.isnan(values), {_numbers(preprocessing.fill)}, values)"
            )
        if preprocessing.method != "none":
            steps.append(f"values = (values - {_numbers(preprocessing.shift)}) /"
                         f" {_numbers(preprocessing.scale)}")  # fmt: skip
        return _function([*steps, "return values.astype(np.float32)"])

    height, width, colours = raw
    channels = len(preprocessing.shift)  # never more than the pictures have
    resized = len(wanted) > 1 and wanted[:2] != (height, width)
    steps = [f"pictures = np.asarray(raw, np.float32)  # (n, {height}, {width}, {colours})"]
    if channels < colours:
        steps += [
            "grey = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601",
            "pictures = (pictures @ grey)[..., np.newaxis]",
        ]
    if resized:
        steps += [
            f"rows, columns = resize_weights({height}, {wanted[0]}),"
            f" resize_weights({width}, {wanted[1]})",
            "pictures = np.moveaxis(rows @ np.moveaxis(pictures, 3, 1) @ columns.T, 1, 3)",
        ]
    if preprocessing.method != "none":
        steps.append(
            f"pictures = (pictures - np.float32({_numbers(preprocessing.shift)}))"
            f" / np.float32({_numbers(preprocessing.scale)})"
        )
    if len(wanted) == 3 and channels < wanted[2]:
        steps.append(f"pictures = np.repeat(pictures, {wanted[2]}, axis=3)")
    steps.append(f"return pictures.reshape(len(pictures), {', '.join(map(str, wanted))})")
    return (_RESIZE if resized else "") + _function(steps)


def preparation_words(preprocessing: Preprocessing) -> list[str]:
    """Return the steps as sentences, in the order they are done."""
    raw, wanted = preprocessing.raw_shape, preprocessing.input_shape
    words = []
    if len(raw) == 3:
        if len(preprocessing.shift) < raw[2]:
            words.append("Colours become grey: 0.299 red + 0.587 green + 0.114 blue.")
        if len(wanted) > 1 and wanted[:2] != raw[:2]:
            words.append(
                f"Pictures of {raw[0]} × {raw[1]} pixels are resized to {wanted[0]} ×"
                f" {wanted[1]} (bilinear, antialiased)."
            )
    words.append(preprocessing.describe())
    if len(raw) == 3 and len(wanted) == 3 and len(preprocessing.shift) < wanted[2]:
        words.append(f"The grey channel is repeated {wanted[2]} times.")
    if len(wanted) != len(raw):
        words.append(f"The result is laid out as {wanted}.")
    return words


def _function(steps: Sequence[str]) -> str:
    body = "\n".join(f"    {step}" for step in steps)
    return (
        "def prepare(raw):\n"
        '    """Return raw examples as the model takes them, as it was done in training."""\n'
        f"{body}\n"
    )


def _numbers(values: Sequence[float]) -> str:
    """Return numbers as Python: one if they are all the same, else a list."""
    if len(set(values)) == 1:
        return repr(values[0])
    return f"[{', '.join(map(repr, values))}]"
