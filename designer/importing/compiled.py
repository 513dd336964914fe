"""What a file says of loss, optimizer and metric, in a design's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from designer.importing.naming import fit
from designer.tasks import LOSSES, METRICS, OPTIMIZER_SLOTS

#: Keras has several names for some of them.
_SAME = {
    "mean_squared_error": "mse",
    "mean_absolute_error": "mae",
    "logcosh": "log_cosh",
    "kullback_leibler_divergence": "kl_divergence",
    "acc": "accuracy",
    "binary_accuracy": "accuracy",
    "categorical_accuracy": "accuracy",
    "sparse_categorical_accuracy": "accuracy",
    "top_k_categorical_accuracy": "top_5_accuracy",
    "sparse_top_k_categorical_accuracy": "top_5_accuracy",
}
_LOSSES = {name for names in LOSSES.values() for name in names}
_METRICS = {name for names in METRICS.values() for name in names}


def compile_choices(compiled: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the parameters ``loss``, ``optimizer`` and ``metric`` as far as a file names ones
    that we have, and the names of those that we do not.

    Args:
        compiled: Keras's ``compile_config``.
    """
    choices: dict[str, Any] = {}
    unknown: list[str] = []
    for parameter, given, known in (
        ("loss", compiled.get("loss"), _LOSSES),
        ("optimizer", compiled.get("optimizer"), set(OPTIMIZER_SLOTS)),
        ("metric", _first_metric(compiled.get("metrics")), _METRICS),
    ):
        names = given if isinstance(given, list) else [given]
        said = [_name(one) for one in names[:20] if one is not None]
        if not said:
            continue
        if all(name in known for name in said):
            choices[parameter] = said[0] if len(said) == 1 else said
        else:
            shown = ", ".join(name or "one of its own" for name in said)
            unknown.append(f"{parameter} ({shown[:80]})")
    return choices, tuple(unknown)


def _first_metric(metrics: Any) -> Any:
    """Return the one metric a design can have; Keras nests lists where there are several heads."""
    while isinstance(metrics, list):
        metrics = metrics[0] if metrics else None
    return metrics


def _name(value: Any) -> str:
    """Return the name of something serialized, in Keras's way of writing functions."""
    if isinstance(value, Mapping):
        class_name, config = value.get("class_name"), value.get("config")
        value = config if class_name == "function" else class_name
    if not isinstance(value, str):
        return ""
    words = value.lower() if value.isupper() else value
    if words != words.lower() and words.lower() in OPTIMIZER_SLOTS:
        words = words.lower()
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", words[:80]).lower()
    return _SAME.get(snake, fit(snake))
