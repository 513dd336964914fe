"""What the button of an action says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SETTINGS = {
    "learning_rate": "learning rate {:.3g}",
    "batch_size": "batches of {}",
    "epochs": "{} epochs",
    "early_stopping": "an early stop after {} epochs without improvement",
    "clip_norm": "gradients cut to length {:g}",
}


def action_words(action: Mapping[str, Any]) -> str:
    """Return a button's words: ``"Go on with learning rate 0.0001"``.

    Args:
        action: as ``Diagnosis.action``.
    """
    begin = "Go on with" if "change" in action else "Start again with"
    parts = [_setting(name, value) for name, value in action.get("change", {}).items()]
    parts += [_setting(name, value) for name, value in action.get("settings", {}).items()]
    parts += [_parameter(name, value) for name, value in action.get("design", {}).items()]
    return f"{begin} {' and '.join(parts)}"


def _setting(name: str, value: Any) -> str:
    if name == "augmentation":
        return "varied pictures"
    if name == "class_weights":
        return f"{value} class weights"
    if name == "keep":
        return f"the {value} weights kept"
    return _SETTINGS.get(name, name.replace("_", " ") + " {}").format(value)


def _parameter(name: str, value: Any) -> str:
    if name == "groups":
        return "twice the filters"
    if name == "hidden":
        return f"hidden layers of {_units(value)}"
    if name == "activation":
        return {"relu": "ReLU"}.get(value, str(value))
    if name == "batch_normalization":
        return f"batch normalization {value} the activation"
    if name == "l2":
        return f"a weight penalty (L2) of {value:g}"
    if name.endswith("dropout"):
        return f"{name.replace('_', ' ')} {value:g}"
    return f"{name.replace('_', ' ')} {value}"


def _units(units: list[int]) -> str:
    if len(set(units)) == 1 and len(units) > 1:
        return f"{units[0]} units"
    return f"{', '.join(str(count) for count in units)} units"
