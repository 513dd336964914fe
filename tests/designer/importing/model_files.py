"""Files of models for the tests of ``designer.importing``, made without Keras."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parent / "fixtures"


def layer(class_name: str, name: str, config: dict[str, Any] | None = None, **rest: Any) -> Any:
    """Return a layer as Keras 3 writes it."""
    return {
        "module": "keras.layers",
        "class_name": class_name,
        "config": {"name": name, "trainable": True, "dtype": "float32", **(config or {})},
        "registered_name": None,
        **rest,
    }


def door(*shape: int | None) -> Any:
    """Return an input."""
    return layer("InputLayer", "inputs", {"batch_shape": [None, *shape]})


def sequential(*layers: Any, **rest: Any) -> dict[str, Any]:
    """Return a Sequential model as ``to_json`` writes it."""
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "mine", "layers": list(layers)},
        **rest,
    }


def tensor(name: str, *shape: int | None, node: int = 0) -> Any:
    """Return a tensor as Keras 3 writes what a layer takes."""
    config = {"shape": [None, *shape], "dtype": "float32", "keras_history": [name, node, 0]}
    return {"class_name": "__keras_tensor__", "config": config}


def fed(entry: Any, *tensors: Any, **kwargs: Any) -> Any:
    """Return a layer of a functional model, fed by these tensors."""
    args = [list(tensors)] if len(tensors) > 1 else list(tensors)
    nodes = [*entry.get("inbound_nodes", []), {"args": args, "kwargs": kwargs}]
    return {**entry, "name": entry["config"]["name"], "inbound_nodes": nodes}


def functional(*layers: Any, outputs: list[Any], **rest: Any) -> dict[str, Any]:
    """Return a functional model as ``to_json`` writes it."""
    config = {
        "name": "mine",
        "layers": list(layers),
        "input_layers": [["inputs", 0, 0]],
        "output_layers": outputs,
    }
    return {"module": "keras", "class_name": "Functional", "config": config, **rest}


def written(folder: Path, data: Any, name: str = "model.json") -> Path:
    """Write a file and return it."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return path


def packed(
    folder: Path, members: dict[str, Any], name: str = "model.keras", **options: Any
) -> Path:
    """Write a zip and return it."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for member, data in members.items():
            archive.writestr(member, data if isinstance(data, bytes | str) else json.dumps(data))
    return path


#: A model that no design of ours is: a layer of somebody's own between two of Keras's.
ODD = sequential(
    door(28, 28, 1),
    layer("Conv2D", "conv", {"filters": 4, "kernel_size": [3, 3]}),
    layer(
        "Attention2D", "attention", {"heads": 2}, registered_name="mine>Attention2D",
        module=None, build_config={"input_shape": [None, 26, 26, 4]},
    ),
    layer("Flatten", "flatten", build_config={"input_shape": [None, 26, 26, 4]}),
    layer("Dense", "outputs", {"units": 10, "activation": "softmax"}),
)  # fmt: skip

#: One that is the template ``cnn`` with two groups.
PLAIN = sequential(
    door(28, 28, 1),
    layer("Conv2D", "c1", {"filters": 8, "kernel_size": 3, "padding": "same",
                           "activation": "relu"}),
    layer("MaxPooling2D", "p1"),
    layer("Conv2D", "c2", {"filters": 16, "kernel_size": [3, 3], "padding": "same",
                           "activation": "relu"}),
    layer("MaxPooling2D", "p2", {"pool_size": [2, 2], "strides": [2, 2]}),
    layer("Flatten", "f"),
    layer("Dense", "answers", {"units": 10, "activation": "softmax"}),
)  # fmt: skip
