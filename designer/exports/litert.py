"""LiteRT, which was TensorFlow Lite: one small file for phones, boards and browsers."""

from __future__ import annotations

import importlib.util
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from designer.errors import ExportError
from designer.exports.base import ExportFormat, Runtime
from designer.exports.how import How
from designer.exports.temporary import temporary_files_in
from designer.quiet import unheard
from designer.tasks import heads

if TYPE_CHECKING:
    import keras

    from designer.design import Design

_SIGNATURE = "serving_default"


class LiteRT(ExportFormat):
    """The network as LiteRT's converter writes it, floats or quantized.

    With ``dynamic`` the weights are whole numbers of 8 bits and sums are floats; with ``int8``
    everything is, what goes in and comes out too, so that it runs where there are no floats; the
    loading lines turn floats into such numbers and back by the scales that are in the file.

    The batch is free. The file is also a zip that holds ``design.json``, as LiteRT's own
    metadata is kept; by it we know the file again.
    """

    name = "litert"
    title = "LiteRT (.tflite)"
    description = "One small file for phones, boards and browsers; it can be quantized."
    file_name = "model.tflite"
    order = 40
    quantizations = ("none", "dynamic", "int8")
    # Of a probability, or as a part of twice the standard deviation of a regression's outputs,
    # which is about the largest of them where their mean is 0. Measured on held-out
    # examples of trained networks (dense ones of iris, wine, breast_cancer and diabetes, dense and
    # convolutional ones of digits and mnist_5k, resnet18 of mnist_5k): at most 0.015 with
    # ``dynamic`` and 0.09 with ``int8``, where accuracies changed by at most 0.03; with examples
    # far from those of the calibration, which are clipped, up to 0.16. An error in a converter, or
    # scales that are forgotten, is of the order of 1.
    quantized_tolerances: ClassVar[Mapping[str, float]] = {"dynamic": 0.05, "int8": 0.25}
    requirements = ("ai-edge-litert", "numpy")
    memory_factor = 7

    def runtime(self) -> Runtime:
        if importlib.util.find_spec("ai_edge_litert") is None:
            return Runtime(("tensorflow",), ("keras",), ("tensorflow", "numpy"))
        return Runtime(
            ("ai_edge_litert.interpreter",),
            ("tensorflow", "keras"),
            ("ai-edge-litert", "numpy"),
        )

    def write(self, model: keras.Model, design: Design, path: Path, how: How) -> None:
        import tensorflow as tf

        with temporary_files_in(path.parent) as folder:
            _save(model, design, folder / "saved")
            converter = tf.lite.TFLiteConverter.from_saved_model(
                str(folder / "saved"), signature_keys=[_SIGNATURE]
            )
            _quantize(converter, how)
            with warnings.catch_warnings(), unheard():  # it writes its settings as it sees them
                warnings.simplefilter("ignore")  # it uses what TensorFlow says is deprecated
                made = converter.convert()
        path.write_bytes(made)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("design.json", design.to_json())

    def loading_code(self, path: str) -> str:
        return f'''\
import numpy as np

try:
    from ai_edge_litert.interpreter import Interpreter  # pip install ai-edge-litert
except ImportError:  # TensorFlow has the same one
    from tensorflow.lite.python.interpreter import Interpreter

run = Interpreter({path!r}).get_signature_runner("{_SIGNATURE}")
given = run.get_input_details()["inputs"]
heads = sorted(run.get_output_details().items(), key=lambda head: (len(head[0]), head[0]))


def predict(batch):
    """Return the outputs for a batch of inputs: a list of arrays, one a head."""
    batch = np.asarray(batch, np.float32)
    if given["dtype"] == np.int8:  # the scale of whole numbers is in the file
        scale, zero = given["quantization"]
        batch = np.clip(np.round(batch / scale) + zero, -128, 127).astype(np.int8)
    results = run(inputs=batch)
    outputs = []
    for name, details in heads:
        output = results[name]
        if output.dtype == np.int8:
            scale, zero = details["quantization"]
            output = (output.astype(np.float32) - zero) * np.float32(scale)
        outputs.append(output)
    return outputs
'''

    def more_code(self, path: str, design: Design, how: How | None = None) -> str:
        return f"""\
### What is in the file

```python
print(given["name"], given["dtype"], given["shape_signature"])
for name, details in heads:
    print(name, details["dtype"], details["shape_signature"])
```

The signature is called `{_SIGNATURE}`. Android, iOS and the browser read the same file.
"""


def _save(model: keras.Model, design: Design, path: Path) -> None:
    """Write what the converter reads: the network with its outputs called as the heads are."""
    import tensorflow as tf

    names = [head.name for head in heads(design.parameters)]
    spec = tf.TensorSpec((None, *design["input_shape"]), tf.float32, name="inputs")

    @tf.function(input_signature=[spec], autograph=False)
    def serve(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        return dict(zip(names, tf.nest.flatten(model(inputs, training=False)), strict=True))

    module = tf.Module()
    module.weights = [variable.value for variable in model.variables]
    tf.saved_model.save(module, str(path), signatures={_SIGNATURE: serve})


def _quantize(converter: Any, how: How) -> None:
    import tensorflow as tf

    if how.quantize == "none":
        return
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if how.quantize != "int8":
        return
    examples = how.calibration
    if examples is None:
        raise ExportError(NO_CALIBRATION)
    converter.representative_dataset = lambda: ({"inputs": one[None]} for one in examples)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8


NO_CALIBRATION = (
    "int8 learns the ranges of its whole numbers from training examples, and there are none: an"
    " untrained design has no data, and runs of earlier versions kept no such examples (train"
    " again). Without them, none and dynamic work."
)
