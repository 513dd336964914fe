"""ONNX: one file that many runtimes read, none of them TensorFlow."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from designer.exports.base import ExportFormat, Runtime
from designer.exports.how import How
from designer.exports.tracing import plain_operations
from designer.tasks import heads

if TYPE_CHECKING:
    import keras

    from designer.design import Design

OPSET = 17
"""Of 2022: new enough for every layer here, old enough for runtimes that lag behind."""

_NEEDED = ("tf2onnx", "onnx", "onnxruntime")


class Onnx(ExportFormat):
    """The network by tf2onnx, checked with onnxruntime in a process without TensorFlow.

    Its input is called ``inputs``, its outputs as the heads are, and their first side ``batch``;
    the design is in its metadata.
    """

    name = "onnx"
    title = "ONNX"
    description = "One file for onnxruntime and many others, without TensorFlow."
    file_name = "model.onnx"
    order = 50
    requirements = ("onnxruntime", "numpy")
    memory_factor = 5

    def missing(self) -> str:
        lacking = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
        if not lacking:
            return ""
        return (
            f"ONNX needs {', '.join(lacking)}, which"
            f" {'is' if len(lacking) == 1 else 'are'} not installed:"
            " pip install 'model-designer[onnx]' brings it."
        )

    def runtime(self) -> Runtime:
        return Runtime(("onnxruntime",), ("tensorflow", "keras"), ("onnxruntime", "numpy"))

    def write(self, model: keras.Model, design: Design, path: Path, how: How) -> None:
        import numpy as np
        import tensorflow as tf
        import tf2onnx
        from onnx import numpy_helper

        names = [head.name for head in heads(design.parameters)]
        spec = tf.TensorSpec((None, *design["input_shape"]), tf.float32, name="inputs")
        trained, others = model.trainable_variables, model.non_trainable_variables
        weights = {f"weights{n}": weight for n, weight in enumerate([*trained, *others])}
        # The weights are inputs until all is done: tf2onnx copies constants with every pass over
        # the graph (VGG16's half gigabyte took more than 18).
        specs = [tf.TensorSpec(one.shape, one.dtype, name=name) for name, one in weights.items()]

        def serve(inputs: tf.Tensor, *given: tf.Tensor) -> dict[str, tf.Tensor]:
            first, rest = list(given[: len(trained)]), list(given[len(trained) :])
            outputs, _ = model.stateless_call(first, rest, inputs, training=False)
            return dict(zip(names, tf.nest.flatten(outputs), strict=True))

        function = tf.function(serve, input_signature=[spec, *specs], autograph=False)
        with plain_operations():
            made, _ = tf2onnx.convert.from_function(function, [spec, *specs], opset=OPSET)
        takes = {one.name: one for one in made.graph.input}
        del made.graph.input[:]
        made.graph.input.append(takes.pop("inputs"))
        made.graph.initializer.extend(
            numpy_helper.from_array(np.asarray(weights[name]), name) for name in takes
        )
        found = {output.name: output for output in made.graph.output}
        del made.graph.output[:]
        made.graph.output.extend(found[name] for name in names)  # they came sorted as texts
        for one in (*made.graph.input, *made.graph.output):
            one.type.tensor_type.shape.dim[0].dim_param = "batch"
        # Last in the file, by which we know it again.
        made.metadata_props.add(key="design", value=design.to_json())
        path.write_bytes(made.SerializeToString())

    def loading_code(self, path: str) -> str:
        return f'''\
import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession({path!r}, providers=["CPUExecutionProvider"])


def predict(batch):
    """Return the outputs for a batch of inputs: a list of arrays, one a head."""
    return session.run(None, {{"inputs": np.asarray(batch, np.float32)}})
'''
