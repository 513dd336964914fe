"""TensorFlow's SavedModel: a folder that serves, converts and loads without Keras."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from designer.exports import labelling
from designer.exports.base import ExportFormat, Runtime, Signature
from designer.exports.how import How
from designer.exports.steadying import steady
from designer.tasks import heads

if TYPE_CHECKING:
    import keras

    from designer.design import Design


class SavedModel(ExportFormat):
    """The network as a graph, with its weights, an endpoint and signatures.

    The endpoint ``serve`` is what ``model.export`` writes: it takes prepared examples. The
    weights are in it once, where Keras (3.15, its issue 23553) writes them twice, doubling the
    file and the memory of whoever loads it.

    The signatures take raw examples, where it is known how they were prepared for training:
    ``serving_default`` takes pictures or tables, ``encoded_pictures`` pictures as files. All go
    through one trace of the network. Without a preparation ``serving_default`` takes what the
    model takes, and its outputs are called as the heads are.
    """

    name = "saved_model"
    title = "TensorFlow SavedModel"
    description = (
        "A folder that TensorFlow loads by itself, raw examples in, names of classes out: to serve,"
        " convert or run anywhere."
    )
    file_name = "saved_model"
    is_folder = True
    labels = True
    order = 10
    requirements = ("tensorflow", "numpy")

    def runtime(self) -> Runtime:
        return Runtime(("tensorflow",), ("keras",), ("tensorflow",))

    def write(self, model: keras.Model, design: Design, path: Path, how: How) -> None:
        import tensorflow as tf

        inputs = tf.TensorSpec((None, *design["input_shape"]), tf.float32, name="inputs")

        @tf.function(input_signature=[inputs], autograph=False)
        def serve(inputs: tf.Tensor) -> Any:
            return model(inputs, training=False)

        module = tf.Module()
        module.serve = serve
        # The very variables that the functions use: Keras's wrappers would be saved again.
        module.weights = [variable.value for variable in model.variables]
        tf.saved_model.save(module, str(path), signatures=_functions(serve, inputs, design, how))
        steady(path)

    def loading_code(self, path: str) -> str:
        return f'''\
import numpy as np
import tensorflow as tf

model = tf.saved_model.load({path!r})


def predict(batch):
    """Return the outputs for a batch of inputs: a list of arrays, one a head."""
    outputs = model.serve(tf.constant(batch, tf.float32))
    return [np.asarray(output) for output in tf.nest.flatten(outputs)]
'''

    def calling_code(self) -> str:
        return """\


def call(name, inputs):
    given = {key: tf.constant(value) for key, value in inputs.items()}
    return {key: value.numpy() for key, value in model.signatures[name](**given).items()}
"""

    def signatures(self, design: Design, how: How) -> list[Signature]:
        preprocessing = how.notes.preprocessing
        plain = ", ".join(
            f"`{head.name}`: float32 (batch, {head.units})" for head in heads(design.parameters)
        )
        if preprocessing is None:
            shape = ", ".join(map(str, design["input_shape"]))
            return [Signature("serving_default", f"`inputs`: float32 (batch, {shape})", plain)]
        returns = plain if how.outputs == "plain" else labelling.in_words(design, how.notes)
        shape = ", ".join(map(str, preprocessing.raw_shape))
        is_picture = len(preprocessing.raw_shape) == 3
        what = "raw pictures, uint8" if is_picture else "unscaled columns, float32"
        found = [Signature("serving_default", f"`inputs`: {what} (batch, {shape})", returns)]
        if is_picture and how.pixel_range:
            takes = "`pictures`: the bytes of PNG or JPEG files of any size, string (batch)"
            found.append(Signature("encoded_pictures", takes, returns))
        return found

    def more_code(self, path: str, design: Design, how: How | None = None) -> str:
        known = how or How()
        preprocessing = known.notes.preprocessing
        is_picture = preprocessing is not None and len(preprocessing.raw_shape) == 3
        kind = "tf.uint8" if is_picture else "tf.float32"
        call = f"tf.cast(raw, {kind})" if preprocessing else "tf.constant(inputs)"
        usual, *others = self.signatures(design, known)
        also = "".join(
            f"\n`{one.name}` takes {one.takes}, and returns the same.\n" for one in others
        )
        return f"""\
### By its signature, as servers call it

```python
signature = model.signatures["serving_default"]
by_name = signature(inputs={call})
print({{name: output.shape for name, output in by_name.items()}})
```

It takes {usual.takes}; it returns {usual.returns}.
{also}
### As a layer in a Keras model

`keras.models.load_model` does not read this format; `TFSMLayer` does.

```python
import keras

layer = keras.layers.TFSMLayer({path!r}, call_endpoint="serve")
from_layer = layer(inputs)
```

The weights cannot be trained on: export as `.keras` for that.
"""


def _functions(serve: Any, prepared: Any, design: Design, how: How) -> dict[str, Any]:
    """Return the signatures by name: thin functions around one endpoint.

    Args:
        serve: from prepared examples to the outputs of the heads.
        prepared: what it takes.
        design: of the model.
        how: labelled or plain, and how examples are prepared.
    """
    import tensorflow as tf

    from designer.exports.preparing_in_tensorflow import decode, prepare, raw_spec

    names = [head.name for head in heads(design.parameters)]
    preprocessing = how.notes.preprocessing

    def named(examples: tf.Tensor) -> dict[str, tf.Tensor]:
        outputs = tf.nest.flatten(serve(examples))
        if preprocessing is None or how.outputs == "plain":
            return dict(zip(names, outputs, strict=True))
        return labelling.labelled(outputs, design, how.notes)

    if preprocessing is None:
        plain = tf.function(
            lambda inputs: named(inputs), input_signature=[prepared], autograph=False
        )
        return {"serving_default": plain}
    functions = {
        "serving_default": tf.function(
            lambda inputs: named(prepare(inputs, preprocessing)),
            input_signature=[raw_spec(preprocessing)],
            autograph=False,
        )
    }
    if pixel_range := how.pixel_range:
        functions["encoded_pictures"] = tf.function(
            lambda pictures: named(
                prepare(decode(pictures, preprocessing, pixel_range), preprocessing)
            ),
            input_signature=[tf.TensorSpec((None,), tf.string, name="pictures")],
            autograph=False,
        )
    return functions
