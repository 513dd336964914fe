"""A comparison as text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from designer.comparing.comparison import Comparison
from designer.comparing.matching import Change, LayerPair
from designer.comparing.phrases import counted, write

_LABELS = {"output_shape": "output", "params": "parameters", "multiply_adds": "multiply-adds"}

#: What Keras does where a layer does not say, and what is not known where it cannot be built.
_UNSAID = {
    "activation": "none",
    "groups": "1",
    "use_bias": "on",
    **dict.fromkeys(("output_shape", "params", "multiply_adds"), "unknown"),
}

_MARKS = {"same": "=", "changed": "~", "only_a": "-", "only_b": "+"}


def to_text(comparison: Comparison, names: Sequence[str]) -> str:
    """Return a comparison as lines of text.

    Args:
        names: what A and B are called.
    """
    lines = [f"A  {names[0]}", f"B  {names[1]}", "", comparison.headline()]
    lines += [f"  {sentence}" for sentence in comparison.words]
    lines += [f"! {note}" for note in comparison.notes]
    lines += ["", *_totals(comparison)]
    if comparison.counts["same"] < len(comparison.layers):
        lines += ["", *_layers(comparison.layers)]
    return "\n".join(lines)


def write_change(change: Change) -> str:
    """Write one change of a layer: ``strides 1 × 1 → 2 × 2``."""
    a, b = write_value(change.name, change.a), write_value(change.name, change.b)
    return f"{change_label(change)} {a} → {b}"


def change_label(change: Change) -> str:
    """Return what changed, for a person: Keras's arguments keep their own names."""
    return _LABELS.get(change.name, change.name)


def write_value(name: str, value: object) -> str:
    """Write a setting of a layer for a person."""
    if name == "output_shape" and isinstance(value, tuple):
        value = value[1:]
    if value is None:
        return _UNSAID.get(name, "default")
    return write(value)


def _totals(comparison: Comparison) -> Iterator[str]:
    rows = [("", "A", "B", "difference")]
    rows += [
        (one.total.label, one.total.write(one.a), one.total.write(one.b), one.words)
        for one in comparison.totals
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for label, a, b, words in rows:
        yield f"{label:<{widths[0]}}  {a:>{widths[1]}}  {b:>{widths[2]}}  {words}".rstrip()


def _layers(pairs: Sequence[LayerPair]) -> Iterator[str]:
    for run in runs(pairs):
        if run[0].status == "same":
            yield f"  = {counted(len(run), 'layer')} alike"
            continue
        (pair,) = run
        names = [layer.name for layer in (pair.a, pair.b) if layer]
        name = " → ".join(dict.fromkeys(names))
        changes = "; ".join(write_change(change) for change in pair.changes)
        text = f"  {_MARKS[pair.status]} {name}  {pair.layer.class_name}  {changes}"
        yield text.rstrip()


def runs(pairs: Sequence[LayerPair]) -> list[list[LayerPair]]:
    """Return the pairs in order, neighbours that are the same together, all others alone."""
    found: list[list[LayerPair]] = []
    for pair in pairs:
        if found and pair.status == "same" == found[-1][0].status:
            found[-1].append(pair)
        else:
            found.append([pair])
    return found
