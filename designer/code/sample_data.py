"""Lines that load something to train a design on: a real data set where one fits, else arrays
made at random that say so."""

from __future__ import annotations

from math import prod

from designer.compiling import compile_settings
from designer.datasets.catalogue import CATALOGUE, DatasetInfo
from designer.design import Design
from designer.tasks import heads

#: Lines that load a data set of the catalogue into ``x`` and ``y``, with public packages alone.
_SCIKIT_LEARN = "x, y = sklearn.datasets.load_{name}(return_X_y=True)"
_KERAS = "(x, y), _ = keras.datasets.{name}.load_data()"
_LOADING = {
    "digits": _SCIKIT_LEARN,
    "iris": _SCIKIT_LEARN,
    "wine": _SCIKIT_LEARN,
    "breast_cancer": _SCIKIT_LEARN,
    "diabetes": _SCIKIT_LEARN,
    "mnist": _KERAS,
    "cifar10": _KERAS,
    "california_housing": _KERAS,
}

#: Made-up examples are few enough to fit into this many numbers.
_MOST_NUMBERS = 5_000_000


def data_set_for(design: Design) -> DatasetInfo | None:
    """Return a data set that a design takes as it is, or ``None`` if there is none."""
    shape, task = tuple(design["input_shape"]), design["task"]
    wanted = design["outputs"] if task == "regression" else design["classes"]
    for name in _LOADING:
        info = CATALOGUE[name]
        for view in info.tasks:
            has = view.outputs if task == "regression" else view.classes
            fits = shape in (view.input_shape, view.input_shape[:2])
            if view.task == task and fits and (task == "binary" or has == wanted):
                return info
    return None


def data_words(design: Design) -> str:
    """Say in a sentence what the lines load."""
    info = data_set_for(design)
    if info is None:
        return (
            "**Made at random.** No free data set has the shape of this design's input and"
            " outputs, so these numbers show that training runs, not that it learns: put your own"
            " data in their place."
        )
    where = "comes with scikit-learn" if info.embedded else "is downloaded by Keras"
    return f"**{info.title}**: {info.description} It {where}."


def data_code(design: Design) -> str:
    """Return lines that leave ``x`` and ``y`` as ``model.fit`` takes them."""
    info = data_set_for(design)
    lines = _random(design) if info is None else _real(design, info)
    return "\n".join(lines) + "\n"


def _real(design: Design, info: DatasetInfo) -> list[str]:
    shape = tuple(design["input_shape"])
    module = "sklearn.datasets" if info.embedded else "keras"
    lines = [
        "import numpy as np",
        f"import {module}",
        "",
        _LOADING[info.name].format(name=info.name),
        "order = np.random.default_rng(0).permutation(len(x))",
        f"x, y = x[order].reshape(-1, {', '.join(map(str, shape))}), y[order]",
    ]
    if info.kind == "image":
        assert info.pixel_range is not None
        lines.append(f'x = x.astype("float32") / {info.pixel_range[1]}  # pixels from 0 to 1')
    else:
        lines += [
            "x = (x - x.mean(axis=0)) / x.std(axis=0)  # every column on the same scale",
            'x = x.astype("float32")',
        ]
    if design["task"] == "regression":
        lines.append("y = ((y - y.mean()) / y.std()).reshape(-1, 1)  # the target on a scale of 1")
    elif design["task"] == "binary":
        lines.append("y = y.reshape(-1, 1)")
    else:
        lines += _one_hot(design)
    return [*lines, "print(x.shape, y.shape)"]


def _one_hot(design: Design) -> list[str]:
    sparse = compile_settings(design).loss[0].startswith("sparse_")
    if sparse:
        return ["y = y.reshape(-1, 1)"]
    classes = heads(design.parameters)[0].units
    return [f"y = keras.utils.to_categorical(y.ravel(), {classes})"]


def _random(design: Design) -> list[str]:
    shape = tuple(design["input_shape"])
    examples = max(16, min(512, _MOST_NUMBERS // max(1, prod(shape))))
    lines = [
        "import keras",
        "import numpy as np",
        "",
        "# Made at random: the right shapes, and nothing to learn. Put your own data here.",
        "rng = np.random.default_rng(0)",
        f"examples = {examples}",
        f'x = rng.random((examples, {", ".join(map(str, shape))}), dtype="float32")',
    ]
    made = [
        _random_target(design["task"], head.units, loss)
        for head, loss in zip(heads(design.parameters), compile_settings(design).loss, strict=True)
    ]
    if len(made) == 1:
        return [*lines, f"y = {made[0]}"]
    return [*lines, "y = [", *(f"    {one}," for one in made), "]"]


def _random_target(task: str, units: int, loss: str) -> str:
    if task == "regression":
        return f'rng.random((examples, {units}), dtype="float32")'
    if task in {"binary", "multilabel"}:
        return f"rng.integers(0, 2, size=(examples, {units}))"
    labels = f"rng.integers(0, {units}, size=(examples, 1))"
    sparse = loss.startswith("sparse_")
    return labels if sparse else f"keras.utils.to_categorical({labels}.ravel(), {units})"
