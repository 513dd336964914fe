"""What the outputs of a model are called and say, task by task: in words and in a graph.

A class is given by its name, with its probability; numbers of a regression by their targets'
names. Every output has one row an example, so that servers can answer row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from designer.exports.card_words import code
from designer.tasks import heads

if TYPE_CHECKING:
    import numpy as np

    from designer.design import Design
    from designer.exports.notes import ExportNotes


def class_names(design: Design, notes: ExportNotes) -> list[list[str]]:
    """Return the names of the classes of each head; made-up ones where they are not known."""
    task = design["task"]
    if task == "regression":
        return []
    if notes.class_names:
        return [list(names) for names in notes.class_names]
    if task == "binary":
        return [["no", "yes"]]
    kind = "label" if task == "multilabel" else "class"
    return [[f"{kind} {n}" for n in range(head.units)] for head in heads(design.parameters)]


def target_keys(design: Design, notes: ExportNotes) -> list[str]:
    """Return what the numbers of a regression are called: each by a name of its own."""
    count = heads(design.parameters)[0].units
    given = [name.strip() for name in notes.target_names] or [""] * count
    keys: list[str] = []
    for number, name in enumerate(given, 1):
        key = name or ("value" if count == 1 else f"value_{number}")
        while key in keys:
            key += f"_{number}"
        keys.append(key)
    return keys


def labelled(outputs: Sequence[Any], design: Design, notes: ExportNotes) -> dict[str, Any]:
    """Return the outputs of a model by name, in a TensorFlow graph.

    Args:
        outputs: a tensor (n, units) a head.
        design: of the model.
        notes: may know the names.

    Returns:
        multiclass: ``label`` (n,), ``probability`` of it (n,), ``probabilities`` (n, classes) and
        ``class_names`` (n, classes) in their order; multitask: the same for each head, with the
        head's name before it; binary: the same with two classes; multilabel: ``labels``
        (n, classes), empty text where a label does not apply, ``probabilities`` and
        ``class_names``; regression: a number (n,) for each target.
    """
    import tensorflow as tf

    task, names = design["task"], class_names(design, notes)
    if task == "regression":
        return {key: outputs[0][:, n] for n, key in enumerate(target_keys(design, notes))}
    if task == "multilabel":
        known = _rows_of(names[0], outputs[0])
        return {
            "labels": tf.where(outputs[0] >= 0.5, known, ""),
            "probabilities": outputs[0],
            "class_names": known,
        }
    if task == "binary":
        yes = outputs[0]
        return _one_of(tf.concat([1.0 - yes, yes], axis=1), names[0], tf.cast(yes >= 0.5, tf.int32))
    named: dict[str, Any] = {}
    for head, probabilities, classes in zip(heads(design.parameters), outputs, names, strict=True):
        best = tf.argmax(probabilities, axis=1, output_type=tf.int32)
        prefix = f"{head.name}_" if task == "multitask" else ""
        found = _one_of(probabilities, classes, best[:, tf.newaxis])
        named |= {f"{prefix}{key}": value for key, value in found.items()}
    return named


def _rows_of(names: Sequence[str], like: Any) -> Any:
    import tensorflow as tf

    return tf.repeat(tf.constant([list(names)]), tf.shape(like)[0], axis=0)


def _one_of(probabilities: Any, names: Sequence[str], chosen: Any) -> dict[str, Any]:
    """Return what is said of one class among several; ``chosen``: its index, int32 (n, 1)."""
    import tensorflow as tf

    return {
        "label": tf.gather(tf.constant(list(names)), chosen[:, 0]),
        "probability": tf.gather(probabilities, chosen[:, 0], axis=1, batch_dims=1),
        "probabilities": probabilities,
        "class_names": _rows_of(names, probabilities),
    }


def plain_of(named: dict[str, np.ndarray], design: Design, notes: ExportNotes) -> list[np.ndarray]:
    """Return the outputs of the model that labelled ones were made of, one array a head.

    Raises:
        KeyError: an output is missing.
    """
    import numpy as np

    task = design["task"]
    if task == "regression":
        return [np.stack([named[key] for key in target_keys(design, notes)], axis=1)]
    if task == "binary":
        return [named["probabilities"][:, 1:]]
    if task == "multitask":
        return [named[f"{head.name}_probabilities"] for head in heads(design.parameters)]
    return [named["probabilities"]]


def wrong_label(named: dict[str, np.ndarray], design: Design, notes: ExportNotes) -> str:
    """Return what is wrong with the labels, held against their probabilities; empty if nothing.

    Rows that are not numbers (of a model that diverged) have no right label.
    """
    import numpy as np

    task = design["task"]
    for place, (head, names) in enumerate(
        zip(heads(design.parameters), class_names(design, notes), strict=False)
    ):
        prefix = f"{head.name}_" if task == "multitask" else ""
        rows = np.flatnonzero(np.isfinite(plain_of(named, design, notes)[place]).all(axis=1))
        probabilities = named[f"{prefix}probabilities"][rows]
        known = np.array(names, str)
        if (named[f"{prefix}class_names"] != known).any():
            return f"{prefix}class_names are not {', '.join(names)}"
        if task == "multilabel":
            if (named["labels"][rows] != np.where(probabilities >= 0.5, known, "")).any():
                return "labels are not those with a probability of 0.5 or more"
            continue
        best = probabilities.argmax(axis=1)
        if task == "binary":
            best = (probabilities[:, 1] >= 0.5).astype(int)
        if (named[f"{prefix}label"][rows] != known[best]).any():
            return f"{prefix}label is not the class with the largest probability"
        if (named[f"{prefix}probability"][rows] != probabilities[range(len(rows)), best]).any():
            return f"{prefix}probability is not that of the label"
    return ""


def in_words(design: Design, notes: ExportNotes) -> str:
    """Return what labelled outputs hold, in words."""
    task = design["task"]
    if task == "regression":
        keys = ", ".join(map(code, target_keys(design, notes)))
        return f"{keys}: a float32 number an example each"
    if task == "multilabel":
        return "`labels` (empty text where one does not apply), `probabilities`, `class_names`"
    one = "`{0}label`, its `{0}probability`, `{0}probabilities` of all `{0}class_names`"
    if task != "multitask":
        return one.format("")
    return "; ".join(one.format(f"{head.name}_") for head in heads(design.parameters))
