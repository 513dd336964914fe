"""The README of an export: the lines that load the model and use it, and what it is.

All blocks of Python in it run as they are, one after the other, in the folder it lies in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from designer.design import Design
from designer.exports.base import ExportFormat
from designer.exports.notes import ExportNotes
from designer.exports.preparation_code import preparation_code, preparation_words
from designer.summary import Summary
from designer.tasks import TASKS, Head, heads
from designer.templates import template


@dataclass(frozen=True)
class Proof:
    """What the check in a fresh process found.

    Attributes:
        largest_difference: between its predictions and the model's own, over all heads.
        allowed: the largest difference it may have been.
        examples: how many were predicted.
        verified_in: what loaded it, in words.
        versions: of what was there, by name.
    """

    largest_difference: float
    allowed: float
    examples: int
    verified_in: str
    versions: Mapping[str, str]


def readme(
    format: ExportFormat,
    path: str,
    title: str,
    summary: Summary,
    notes: ExportNotes,
    trained: bool,
    proof: Proof,
) -> str:
    """Return the README's Markdown.

    Args:
        format: what was written.
        path: the model's file or folder, seen from the README's folder.
        title: what the model is called.
        summary: of its design.
        notes: on where it comes from.
        trained: whether its weights are trained ones.
        proof: that it reloads.
    """
    design = summary.design
    kind = template(design.template).title
    sections = [
        f"# {' '.join(title.split())}\n\n{kind}, as {format.title}. {_origin(notes, trained)}",
        "## Load it and use it\n\nRun these lines in the folder of this README.\n\n"
        + _block(_example(format, path, design, notes)),
        _what_goes_in(design, notes),
        _what_comes_out(design, notes),
    ]
    more = format.more_code(path, design)
    if more:
        sections.append(f"## Other ways\n\n{more.rstrip()}")
    sections += [_check(proof), _about(summary, notes, proof)]
    return "\n\n".join(sections) + "\n"


def _origin(notes: ExportNotes, trained: bool) -> str:
    if not trained:
        return "It is untrained: its weights are the random ones it starts with."
    return f"It was trained on {notes.dataset}." if notes.dataset else "It was trained."


def _block(code: str) -> str:
    return f"```python\n{code.rstrip()}\n```"


def _example(format: ExportFormat, path: str, design: Design, notes: ExportNotes) -> str:
    parts = [format.loading_code(path).rstrip() + "\n"]
    preprocessing = notes.preprocessing
    shape = preprocessing.raw_shape if preprocessing else design["input_shape"]
    size = f"(3, {', '.join(map(str, shape))})"
    if preprocessing is None:
        parts.append(
            "# Three examples made at random: put yours in their place.\n"
            f"inputs = np.random.default_rng(0).normal(size={size}).astype(np.float32)"
        )
    else:
        made = f"integers(0, 256, size={size})" if len(shape) == 3 else f"normal(size={size})"
        parts += [
            preparation_code(preprocessing).rstrip() + "\n",
            "# Three raw examples made at random: put yours in their place.\n"
            f"raw = np.random.default_rng(0).{made}\ninputs = prepare(raw)",
        ]
    parts += ["outputs = predict(inputs)", _telling(design, notes).rstrip()]
    return "\n\n".join(parts)


def _telling(design: Design, notes: ExportNotes) -> str:
    """Return the lines that say what the outputs mean."""
    task, known = design["task"], notes.class_names
    if task == "regression":
        lines = ["values = outputs[0]"]
        if notes.target_scaling:
            shift, scale = list(notes.target_scaling.shift), list(notes.target_scaling.scale)
            lines = [f"values = outputs[0] * {scale} + {shift}  # back in the data's own unit"]
        return "\n".join([*lines, "print(values)"])
    if task == "binary":
        no, yes = known[0] if known else ("no", "yes")
        return (
            "for probability in outputs[0][:, 0]:\n"
            f"    print({yes!r} if probability >= 0.5 else {no!r}, probability)"
        )
    if task == "multilabel":
        names = list(known[0]) if known else [f"label {n}" for n in range(design["classes"])]
        return (
            f"labels = {names!r}\n"
            "for row in outputs[0]:\n"
            "    print([label for label, p in zip(labels, row) if p >= 0.5], row)"
        )
    lines = []
    for place, head in enumerate(heads(design.parameters)):
        names = list(known[place]) if known else [f"class {n}" for n in range(head.units)]
        variable = "classes" if task == "multiclass" else f"classes{place + 1}"
        lines.append(
            f"{variable} = {names!r}\n"
            f"for probabilities in outputs[{place}]:\n"
            f"    print({variable}[probabilities.argmax()], probabilities.max())"
        )
    return "\n".join(lines)


def _what_goes_in(design: Design, notes: ExportNotes) -> str:
    shape = ", ".join(map(str, design["input_shape"]))
    text = f"## What goes in\n\n`float32`, shape `(batch, {shape})`; a batch may be of any size."
    if notes.preprocessing:
        steps = "\n".join(
            f"{number}. {step}"
            for number, step in enumerate(preparation_words(notes.preprocessing), 1)
        )
        text += (
            " The examples were prepared for training like this, and new ones have to be too"
            f" (`prepare` above does it):\n\n{steps}"
        )
    elif notes.dataset:
        text += " The examples it was trained on were not scaled."
    if notes.feature_names:
        columns = ", ".join(f"`{name}`" for name in notes.feature_names)
        text += f"\n\nColumns, in this order: {columns}."
    return text


_MEANING = {
    "linear": "numbers",
    "sigmoid": "a probability each, 0 to 1",
    "softmax": "probabilities that add up to 1",
}


def _what_comes_out(design: Design, notes: ExportNotes) -> str:
    def names(place: int, head: Head) -> str:
        if design["task"] == "regression":
            return ", ".join(notes.target_names)
        return ", ".join(notes.class_names[place]) if notes.class_names else ""

    rows = [
        f"| `{head.name}` | `float32 (batch, {head.units})` | {_MEANING[head.activation]} |"
        f" {names(place, head).replace('|', '/')} |"
        for place, head in enumerate(heads(design.parameters))
    ]
    header = "| head | shape | what | of |\n|---|---|---|---|\n"
    return (
        f"## What comes out\n\n{TASKS[design['task']]}. `predict` returns a list with an array"
        f" for each head.\n\n{header}" + "\n".join(rows)
    )


def _check(proof: Proof) -> str:
    return (
        f"## Checked\n\nLoaded in {proof.verified_in} with the lines above, it predicted"
        f" {proof.examples} examples, in batches of different sizes. The largest difference from"
        f" the model itself was {proof.largest_difference:.3g}; up to {proof.allowed:.3g} would"
        " have been accepted."
    )


def _about(summary: Summary, notes: ExportNotes, proof: Proof) -> str:
    lines = [
        f"- Parameters: {summary.total_params:,}, {summary.trainable_params:,} of them trainable.",
        f"- Multiply-adds for one example: {summary.multiply_adds:,}.",
        "- Versions: " + ", ".join(f"{name} {v}" for name, v in proof.versions.items()) + ".",
        "- `design.json` holds the design; Model Designer opens it.",
    ]
    if notes.metrics:
        figures = ", ".join(f"{name} {value:.4g}" for name, value in notes.metrics.items())
        lines.insert(0, f"- Figures at the end of training: {figures}.")
    return "## About it\n\n" + "\n".join(lines)
