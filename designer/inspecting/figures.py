"""The figures of an inspection, with their arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

from designer.drawing import write_count
from designer.inspecting.inspection import Figure
from designer.memory import write_bytes
from designer.places import Place
from designer.receptive_field import ReceptiveField, receptive_fields
from designer.summary import BYTES_A_NUMBER, LayerSummary, Summary

#: The batch that memory is told for, beside a single example.
BATCH_SIZE = 32

Fields = Mapping[str, ReceptiveField | None]


def layer_figures(layer: LayerSummary, summary: Summary) -> tuple[Figure, ...]:
    """Return what a layer costs."""
    if layer.output_shape is None:
        return ()
    size = layer.output_size
    sides = " × ".join(f"{side:,}" for side in layer.output_shape[1:] if side is not None)
    number = "number" if size == 1 else "numbers"
    return (
        Figure(
            "parameters",
            "Parameters",
            f"{layer.params:,}",
            # Where only a part is trained, the layer's own rule says which.
            layer.why_params() + (", all trained" if _all_trained(layer) else ""),
            _share(layer.params, summary.total_params),
        ),
        Figure(
            "multiply_adds",
            "Multiply-adds",
            write_count(layer.multiply_adds),
            layer.why_multiply_adds(),
            _share(layer.multiply_adds, summary.multiply_adds),
        ),
        _output(BYTES_A_NUMBER * size, f"{sides} {number} × 4 bytes", summary),
        _weights(layer.params, summary),
        *_field(receptive_fields(summary.layers).get(layer.name)),
    )


def place_figures(place: Place, summary: Summary) -> tuple[Figure, ...]:
    """Return what a block or a section costs: the sums of its layers."""
    fields = receptive_fields(summary.layers)
    trainable = sum(layer.trainable_params for layer in place.layers)
    return (
        Figure(
            "parameters",
            "Parameters",
            f"{place.params:,}",
            _most(place, "params", "parameters") + _trained(place.params, trainable),
            _share(place.params, summary.total_params),
        ),
        Figure(
            "multiply_adds",
            "Multiply-adds",
            write_count(place.multiply_adds),
            _most(place, "multiply_adds", "multiply-adds"),
            _share(place.multiply_adds, summary.multiply_adds),
        ),
        _output(place.activation_bytes, "All its layers, for one example", summary),
        _weights(place.params, summary),
        *_fields_through(place, fields),
    )


def network_figures(summary: Summary) -> tuple[Figure, ...]:
    """Return what the network costs as a whole."""
    whole = Place("", "section", "", "", 0, summary.layers)
    return (
        Figure(
            "parameters",
            "Parameters",
            f"{summary.total_params:,}",
            _most(whole, "params", "parameters")
            + _trained(summary.total_params, summary.trainable_params),
        ),
        Figure(
            "multiply_adds",
            "Multiply-adds",
            write_count(summary.multiply_adds),
            _most(whole, "multiply_adds", "multiply-adds"),
        ),
        _output(summary.activation_bytes, "All layers, for one example", None),
        _weights(summary.total_params, None),
    )


def _all_trained(layer: LayerSummary) -> bool:
    return layer.trainable_params == layer.params > 0


def _trained(params: int, trainable: int) -> str:
    """Say how much of some parameters training changes, where that needs to be said."""
    if trainable == params:
        return ", all trained" if params else ""
    return f"; training changes {trainable:,} of them" if trainable else "; none is trained"


def _share(part: int, total: int) -> float | None:
    return part / total if total else None


def _output(size: int, origin: str, summary: Summary | None) -> Figure:
    return Figure(
        "output",
        "Output memory",
        write_bytes(size),
        f"{origin}; {write_bytes(BATCH_SIZE * size)} for a batch of {BATCH_SIZE}",
        _share(size, summary.activation_bytes) if summary else None,
    )


def _weights(params: int, summary: Summary | None) -> Figure:
    return Figure(
        "weights",
        "Weight memory",
        write_bytes(BYTES_A_NUMBER * params),
        f"{params:,} parameters × 4 bytes" if params else "Nothing to keep",
        # The same share as of the parameters; said once.
    )


def _most(place: Place, cost: str, word: str) -> str:
    """Name the layer that holds most of a cost."""
    total = sum(getattr(layer, cost) for layer in place.layers)
    if not total:
        return f"None: no layer here has {word}" if cost == "params" else "None"
    largest = max(place.layers, key=lambda layer: getattr(layer, cost))
    part = getattr(largest, cost)
    if part == total:
        return f"All of them in {largest.name}"
    if part < 0.05 * total:
        holders = sum(getattr(layer, cost) > 0 for layer in place.layers)
        return f"Spread over {holders:,} layers, at most {part:,} in one ({largest.name})"
    return f"Most in {largest.name}: {part:,} ({part / total:.0%})"


def _field(field: ReceptiveField | None) -> tuple[Figure, ...]:
    """Return the receptive field of a layer; nothing where there is none."""
    if field is None:
        return ()
    return (
        Figure("receptive_field", "Receptive field", write_field(field), _field_in_words(field)),
    )


def write_field(field: ReceptiveField) -> str:
    """Write a receptive field: ``7 × 7``; ``all`` where nothing of the input is left out."""
    if field.sides is None:
        return "all"
    return f"{field.height:,} × {field.width:,}"


def _field_in_words(field: ReceptiveField) -> str:
    if field.sides is None:
        return "Each number here sees the whole input"
    if (field.height, field.width) == (1, 1):
        return "Each number here sees one pixel of the input"
    step = field.step
    assert step is not None
    far = f"{step[0]:,}" if step[0] == step[1] else f"{step[0]:,} × {step[1]:,}"
    words = f"Input pixels that one number here sees; its neighbour looks {far} further"
    if field.whole:
        words += "; the branch that weighs the maps sees the whole input"
    if field.exceeds_input:
        pixels = " × ".join(f"{side:,}" for side in field.picture)
        words += f"; more than the picture has ({pixels}), beyond its edge are only zeros"
    return words


def _fields_through(place: Place, fields: Fields) -> tuple[Figure, ...]:
    after = fields.get(place.layers[-1].name)
    if after is None:
        return ()
    inside = {layer.name for layer in place.layers}
    entering = [
        field
        for layer in place.layers
        for name in layer.inputs
        if name not in inside and (field := fields.get(name))
    ]
    value = write_field(after)
    if entering:
        value = f"{write_field(max(entering, key=lambda field: field.height or 0))} → {value}"
    return (
        Figure(
            "receptive_field",
            "Receptive field",
            value,
            "Input pixels that one number sees, before and after"
            if entering
            else _field_in_words(after),
        ),
    )
