"""The totals of a design: parameters, multiply-adds, memory, layers."""

from __future__ import annotations

from typing import Any

from components.assets import register
from designer.drawing import write_count
from designer.importing.looking import ModelSummary
from designer.memory import write_bytes
from designer.summary import Summary

_mount = register("totals")

#: The batch that "memory to train" is told for.
BATCH_SIZE = 32

#: The tiles of a model that is looked at; nothing is trained there.
_OF_A_FILE = ("parameters", "multiply_adds", "weight_memory", "layers")


def totals(summary: Summary, *, key: str = "totals") -> None:
    """Show the totals; why a design cannot be built is said by the fault bar."""
    _mount(data=totals_data(summary), key=key)


def totals_of_a_file(summary: ModelSummary, *, key: str = "totals_of_a_file") -> None:
    """Show the totals of a model that was opened, as far as its layers are counted."""
    _mount(data=file_totals_data(summary), key=key)


def file_totals_data(summary: ModelSummary) -> dict[str, Any]:
    """Return what the tiles of a model that was opened show."""
    tiles = [one for one in totals_data(summary)["tiles"] if one["name"] in _OF_A_FILE]
    if not summary.complete:
        missing = len(summary.uncounted)
        layers = "layer" if missing == 1 else "layers"
        for tile in tiles[:-1]:  # narrow screens show the value alone
            tile["value"] = f"≥ {tile['value']}"
            tile["detail"] = f"at least: {missing:,} {layers} not counted"
    return {"tiles": tiles}


def totals_data(summary: Summary) -> dict[str, Any]:
    """Return what the tiles show."""
    count, _, unit = write_count(summary.multiply_adds).partition(" ")
    tiles = [
        _tile(
            "parameters",
            "Parameters",
            f"{summary.total_params:,}",
            f"{summary.trainable_params:,} trainable · {summary.non_trainable_params:,} not",
            "All weights and biases; training changes the trainable ones.",
        ),
        _tile(
            "multiply_adds",
            "Multiply-adds",
            count,
            "for one example",
            f"{summary.multiply_adds:,} multiplications paired with an addition, in convolutions"
            " and dense layers.",
            unit,
        ),
        _memory(
            "weight_memory",
            "Weights",
            summary.weight_bytes,
            "as 32-bit floats",
            "Four bytes a parameter.",
        ),
        _memory(
            "training_memory",
            "To train",
            summary.training_bytes(BATCH_SIZE),
            f"of memory, batch of {BATCH_SIZE}",
            "Weights, gradients, the optimizer's own numbers, and every layer's output for"
            " every example of a batch.",
        ),
        _tile(
            "layers",
            "Layers",
            f"{len(summary.layers):,}",
            f"{sum(layer.params > 0 for layer in summary.layers):,} with weights",
            "Every Keras layer, the input included.",
        ),
    ]
    return {"tiles": tiles}


def _tile(
    name: str, label: str, value: str, detail: str, help: str, unit: str = ""
) -> dict[str, str]:
    return {
        "name": name,
        "label": label,
        "value": value,
        "unit": unit,
        "detail": detail,
        "help": help,
    }


def _memory(name: str, label: str, size: int, detail: str, help: str) -> dict[str, str]:
    value, _, unit = write_bytes(size).partition(" ")
    return _tile(name, label, value, detail, help, unit)
