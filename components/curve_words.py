"""How metrics, figures, times and events of a run are written."""

from __future__ import annotations

from typing import Any

from designer.training.runs import Event

_METRICS = {
    "mae": "Mean absolute error",
    "mse": "Mean squared error",
    "auc": "AUC",
    "learning_rate": "Learning rate",
}
_SETTINGS = {
    "learning_rate": "learning rate",
    "epochs": "epochs",
    "early_stopping": "early stop after",
}


_UNSET = {
    "learning_rate": "optimizer's own",
    "early_stopping": "never",
    "clip_norm": "not at all",
}


def setting_or_words(name: str, value: Any) -> Any:
    """Return the value of a training setting, or what it means that there is none."""
    return _UNSET.get(name) if value is None else value


def title(name: str) -> str:
    """Write a metric's name for a person: ``outputs1_accuracy`` → ``Outputs1 accuracy``."""
    return _METRICS.get(name, name.replace("_", " ").capitalize())


def label(name: str) -> str:
    """Write a figure's name with its part: ``val_loss`` → ``Loss, validation``."""
    kind, _, rest = name.partition("_")
    part = {"val": "validation", "test": "test"}.get(kind)
    return f"{title(rest)}, {part}" if part and rest else title(name)


def write_figure(name: str, value: float) -> str:
    """Write a figure: shares as percents, others with four digits."""
    if any(word in name for word in ("accuracy", "precision", "recall")):
        return f"{value:.1%}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:#.4g}"


def write_time(seconds: float) -> str:
    """Write a duration: ``42 s``, ``3 min 5 s``, ``2 h 10 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def event_words(event: Event) -> str:
    """Say what happened, for the mark on the curves; ``""`` for what needs none."""
    details = event.details
    match event.kind:
        case "paused":
            return "Paused"
        case "recovered":
            return "Taken up again after its worker was gone"
        case "changed":
            return f"Changed: {_changes(details)}" if details else "Settings changed"
        case "learning_rate":
            rate = details.get("learning_rate")
            return f"Learning rate {_number(rate)}" if rate is not None else "Learning rate changed"
        case "early_stop":
            return "Early stop"
        case "stopped":
            return "Stopped"
        case "failed":
            return "Failed"
    return ""


_WITHOUT = {"learning_rate": "the optimizer's own learning rate", "early_stopping": "no early stop"}


def _changes(details: dict[str, Any]) -> str:
    return ", ".join(
        _WITHOUT.get(name, name)
        if value is None
        else f"{_SETTINGS.get(name, name.replace('_', ' '))} {_number(value)}"
        + (" epochs" if name == "early_stopping" else "")
        for name, value in details.items()
    )


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
