"""What a model card says of the training: the data, the settings, the figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.exports.card_words import plain, sentence
from designer.exports.contents import Contents
from designer.exports.preparation_code import preparation_words
from designer.plain_numbers import plain_number

#: Beginnings of figures' names → the column they stand in.
_PARTS = {"": "training", "val_": "validation", "test_": "test"}


def data_section(contents: Contents) -> str:
    """Return the section on the data; empty for an untrained model."""
    if not contents.trained:
        return ""
    record = contents.record or {}
    data = record.get("data") or {}
    settings = record.get("settings") or {}
    lines = []
    name = contents.notes.dataset or data.get("title") or data.get("name")
    if name:
        about = data.get("description", "")
        told = f"**{sentence(name)}.**" + (f" {sentence(about)}." if about else "")
        lines.append(told + "\n")
    if data.get("source"):
        lines.append(f"- Source: {sentence(data['source'])}.")
    if data.get("licence"):
        note = " Mind it when you pass the model on." if "own" not in data else ""
        lines.append(f"- Licence of the data: {sentence(data['licence'])}.{note}")
    parts = data.get("parts")
    share = ", each class with its share of every part" if contents.notes.class_names else ""
    if parts:
        lines.append(
            f"- Examples: {data['examples']:,}, of which {parts['train']:,} to train,"
            f" {parts['validation']:,} to validate and {parts['test']:,} to test; split with the"
            f" seed {settings.get('seed', 0)}{share}."
        )
    elif data.get("examples"):
        lines.append(f"- Examples: {data['examples']:,}.")
    if contents.notes.preprocessing:
        steps = " ".join(preparation_words(contents.notes.preprocessing))
        lines.append(f"- Prepared: {steps} The numbers are those of the training examples alone.")
    if data.get("fingerprint"):
        lines.append(
            f"- Fingerprint of examples and labels: `{data['fingerprint']}`; the data themselves"
            " are not in this package."
        )
    return "## The data\n\n" + "\n".join(lines) if lines else ""


def training_section(contents: Contents) -> str:
    """Return the section on the settings; empty for an untrained model, or one of which they are
    not known."""
    record = contents.record
    if not contents.trained or not record or not record.get("settings"):
        return ""
    chosen = _flat(record["settings"])
    usual = _flat(_usual(record["settings"]))
    different = {name: value for name, value in chosen.items() if usual.get(name) != value}
    different.pop("dataset", None)
    lines = [_how_far(record) + (_which_weights(record) if contents.has_loader else "")]
    if different:
        rows = [
            f"| `{name}` | {_value(value, name)} | {_value(usual.get(name), name)} |"
            for name, value in different.items()
        ]
        lines.append("| setting | here | usual |\n|---|---|---|\n" + "\n".join(rows))
    else:
        lines.append("All settings are the usual ones.")
    for change in record.get("changed") or []:
        told = ", ".join(f"`{n}` to {_value(v)}" for n, v in change.items() if n != "epoch")
        lines.append(f"Changed under way, in epoch {change.get('epoch', '?')}: {told}.")
    every = "\n".join(f"| `{name}` | {_value(value, name)} |" for name, value in chosen.items())
    lines.append(
        f"<details><summary>All settings</summary>\n\n| setting | value |\n|---|---|\n{every}\n\n"
        "</details>"
    )
    if not record.get("changed"):
        lines.append(
            "To train it again, and see how close it comes: `python -m designer reproduce` with"
            " this package, where Model Designer is."
        )
    return "## How it was trained\n\n" + "\n\n".join(lines)


def figures_section(contents: Contents) -> str:
    """Return the table of final figures; empty where there are none."""
    figures = contents.notes.metrics
    if not contents.trained or not figures:
        return ""
    names: dict[str, dict[str, float]] = {}
    for name, value in figures.items():
        prefix = next((p for p in ("val_", "test_") if name.startswith(p)), "")
        names.setdefault(name.removeprefix(prefix), {})[prefix] = value
    used = [prefix for prefix in _PARTS if any(prefix in row for row in names.values())]
    head = "| figure | " + " | ".join(_PARTS[prefix] for prefix in used) + " |"
    rows = [
        f"| {plain(name)} | " + " | ".join(_figure(row.get(prefix)) for prefix in used) + " |"
        for name, row in names.items()
    ]
    which = "that are in this package" if contents.has_loader else "that the run kept"
    table = "\n".join([head, "|---|" + "---|" * len(used), *rows])
    text = f"## Figures\n\nMeasured at the end of training, with the weights {which}.\n\n{table}"
    if "test_" not in used and contents.record and contents.record.get("metrics"):
        text += (
            "\n\nThe run measured its test examples with other weights, so they have no figures"
            " here."
        )
    return text


def comparison_table(contents: Contents) -> str:
    """Return the table that holds the model against what was exported; empty without one."""
    rows = contents.comparison
    if not rows:
        return ""
    names = list(dict.fromkeys(name for row in rows for name in row.figures))
    head = "| | size | " + "".join(f"{plain(name)} | " for name in names) + "one example |"
    lines = [
        f"| {row.model} | {_bytes(row.bytes)} | "
        + "".join(f"{_figure(row.figures.get(name))} | " for name in names)
        + f"{_milliseconds(row.milliseconds)} |"
        for row in rows
    ]
    told = (
        "Figures are of held-out examples; the time is the median"
        if names
        else "The time is the median"
    )
    return (
        head
        + "\n|---|---|"
        + "---|" * len(names)
        + "---|\n"
        + "\n".join(lines)
        + f"\n\n{told} for one example, on the machine that made the package."
    )


def _how_far(record: Mapping[str, Any]) -> str:
    """Return a sentence on how long it was trained."""
    epochs = len(record.get("epochs") or [])
    of = record.get("epochs_in_all") or epochs
    steps = record.get("steps") or 0
    text = f"{epochs:,} of {of:,} epochs, {steps:,} steps of the optimizer."
    if record.get("reason"):
        text += f" {sentence(record['reason'])}."
    return text


def _which_weights(record: Mapping[str, Any]) -> str:
    which = "the last step"
    if record.get("checkpoint") == "best":
        which = f"the best epoch by `{record['settings'].get('monitor', 'val_loss')}`"
        if record.get("best_epoch"):
            which += f", the {_ordinal(record['best_epoch'])}"
    return f" The weights are those of {which}."


def _usual(settings: Mapping[str, Any]) -> dict[str, Any]:
    from designer.training.settings import TrainingSettings

    return TrainingSettings(str(settings.get("dataset") or "none")).to_dict()


def _flat(values: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = value
    return found


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


_LEFT_OPEN = {"learning_rate": "the optimizer's own", "task": "the design's"}


def _value(value: Any, name: str = "") -> str:
    if value is None:
        return _LEFT_OPEN.get(name, "none")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else plain(value)


def _figure(value: float | None) -> str:
    return "" if value is None else plain_number(value)


def _bytes(value: int) -> str:
    from designer.memory import write_bytes

    return write_bytes(value)


def _milliseconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3g} ms"
