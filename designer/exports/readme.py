"""The model card of a package, its README: the lines that load the model and use it, what it is,
where it comes from, how it was checked.

All blocks of Python in it run as they are, one after the other, in the folder it lies in.
"""

from __future__ import annotations

from designer.design import Design
from designer.exports.card_design import DRAWING_FILE, design_section
from designer.exports.card_training import (
    comparison_table,
    data_section,
    figures_section,
    training_section,
)
from designer.exports.card_words import code, literal, plain, sentence
from designer.exports.contents import Contents
from designer.exports.loader import LOADER_FILE
from designer.exports.notes import ExportNotes
from designer.exports.preparation_code import preparation_code, preparation_words
from designer.exports.saved_model import SavedModel
from designer.exports.serving import serving
from designer.tasks import TASKS, Head, heads
from designer.templates import template


def readme(contents: Contents, made: str = "") -> str:
    """Return the card's Markdown.

    Args:
        contents: of the package.
        made: when, in UTC; left out if empty.
    """
    design, notes = contents.design, contents.notes
    format, path = contents.format, contents.location
    kind = template(design.template).title
    sections = [
        f"# {plain(contents.name)}\n\n{kind}, as {format.model_title}."
        f" {_origin(notes, contents.trained, contents.has_loader)}\n\n"
        f"![The drawing of {kind}]({DRAWING_FILE})"
    ]
    if contents.has_loader:
        sections += [
            "## Load it and use it\n\n"
            f"```sh\npython -m pip install -r requirements.txt\npython {LOADER_FILE}\n```\n\n"
            f"`{LOADER_FILE}` predicts three made-up examples, or the files you name. Or run these"
            " lines in the folder of this README.\n\n" + _block(_example(contents)),
            _what_goes_in(design, notes),
            _what_comes_out(design, notes),
        ]
    more = format.more_code(path, design, contents.how)
    if more:
        sections.append(f"## Other ways\n\n{more.rstrip()}")
    if isinstance(format, SavedModel):
        sections.append(serving(contents).rstrip())
    sections += [
        data_section(contents),
        training_section(contents),
        figures_section(contents),
        _check(contents),
        design_section(contents),
        _about(contents, made),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _origin(notes: ExportNotes, trained: bool, has_weights: bool) -> str:
    if not has_weights:
        return "It is the design alone, without weights."
    if not trained:
        return (
            "It is untrained: its weights are the random ones it starts with, so it has no data,"
            " no settings of a training and no figures."
        )
    return f"It was trained on {sentence(notes.dataset)}." if notes.dataset else "It was trained."


def _block(code: str) -> str:
    return f"```python\n{code.rstrip()}\n```"


def _example(contents: Contents) -> str:
    design, notes = contents.design, contents.notes
    parts = [contents.format.loading_code(contents.location).rstrip() + "\n"]
    preprocessing = notes.preprocessing
    shape = preprocessing.raw_shape if preprocessing else design["input_shape"]
    size = f"(3, {', '.join(map(str, shape))})"
    if preprocessing is None:
        parts.append(
            "# Three examples made at random: put yours in their place.\n"
            f"inputs = np.random.default_rng(0).normal(size={size}).astype(np.float32)"
        )
    else:
        made = f"normal(size={size})"
        if len(shape) == 3:
            low, high = contents.pixel_range
            made = f"integers({low:g}, {high + 1:g}, size={size})"
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
        return "values = outputs[0]\nprint(values)"
    if task == "binary":
        no, yes = known[0] if known else ("no", "yes")
        return (
            "for probability in outputs[0][:, 0]:\n"
            f"    print({literal(yes)} if probability >= 0.5 else {literal(no)}, probability)"
        )
    if task == "multilabel":
        names = list(known[0]) if known else [f"label {n}" for n in range(design["classes"])]
        return (
            f"labels = {literal(names)}\n"
            "for row in outputs[0]:\n"
            "    print([label for label, p in zip(labels, row) if p >= 0.5], row)"
        )
    lines = []
    for place, head in enumerate(heads(design.parameters)):
        names = list(known[place]) if known else [f"class {n}" for n in range(head.units)]
        variable = "classes" if task == "multiclass" else f"classes{place + 1}"
        lines.append(
            f"{variable} = {literal(names)}\n"
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
        columns = ", ".join(map(code, notes.feature_names))
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
        f" {plain(names(place, head))} |"
        for place, head in enumerate(heads(design.parameters))
    ]
    header = "| head | shape | what | of |\n|---|---|---|---|\n"
    return (
        f"## What comes out\n\n{TASKS[design['task']]}. `predict` returns a list with an array"
        f" for each head.\n\n{header}" + "\n".join(rows)
    )


def _check(contents: Contents) -> str:
    proof = contents.proof
    if not proof.examples:
        return f"## How it was checked\n\n{proof.verified_in[:1].upper()}{proof.verified_in[1:]}."
    text = (
        f"## How it was checked\n\nLoaded in {proof.verified_in}, by the lines above, it predicted"
        f" {proof.examples} examples, in batches of different sizes. The largest difference from"
        f" the model itself was {proof.largest_difference:.3g}; up to {proof.allowed:.3g} would"
        " have been accepted."
    )
    table = comparison_table(contents)
    return f"{text}\n\n{table}" if table else text


def _about(contents: Contents, made: str) -> str:
    proof = contents.proof
    lines = [
        "- Versions: " + ", ".join(f"{name} {v}" for name, v in proof.versions.items()) + ".",
        "- `record.json` holds all of this for programs, `SHA256SUMS` the checksums of all files:"
        " `sha256sum -c SHA256SUMS` checks them.",
    ]
    trained = (contents.record or {}).get("versions") if contents.trained else None
    if trained:
        told = ", ".join(f"{name} {v}" for name, v in trained.items())
        lines.insert(1, f"- Trained with: {told}.")
    if made:
        lines.insert(0, f"- Made: {made} (UTC).")
    return "## About it\n\n" + "\n".join(lines)
