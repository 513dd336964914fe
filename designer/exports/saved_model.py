"""TensorFlow's SavedModel: a folder that serves, converts and loads without Keras."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from designer.exports.base import ExportFormat
from designer.exports.how import How
from designer.tasks import heads

if TYPE_CHECKING:
    import keras

    from designer.design import Design


class SavedModel(ExportFormat):
    """The network as a graph, with its weights, an endpoint and a signature.

    It is what ``model.export`` writes, ``serve`` and ``serving_default`` included, but for two
    things: the weights are in it once, where Keras (3.15, its issue 23553) writes them twice,
    doubling the file and the memory of whoever loads it; and the signature's outputs are called
    as the heads are.
    """

    name = "saved_model"
    title = "TensorFlow SavedModel"
    description = "A folder that TensorFlow loads by itself: to serve, convert or run anywhere."
    file_name = "saved_model"
    is_folder = True
    order = 10

    def write(self, model: keras.Model, design: Design, path: Path, how: How) -> None:
        import tensorflow as tf

        names = [head.name for head in heads(design.parameters)]
        inputs = tf.TensorSpec((None, *design["input_shape"]), tf.float32, name="inputs")

        @tf.function(input_signature=[inputs], autograph=False)
        def serve(inputs: tf.Tensor) -> Any:
            return model(inputs, training=False)

        @tf.function(input_signature=[inputs], autograph=False)
        def by_name(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
            return dict(zip(names, tf.nest.flatten(serve(inputs)), strict=True))

        module = tf.Module()
        module.serve = serve
        # The very variables that the functions use: Keras's wrappers would be saved again.
        module.weights = [variable.value for variable in model.variables]
        tf.saved_model.save(module, str(path), signatures={"serving_default": by_name})

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

    def more_code(self, path: str, design: Design) -> str:
        names = ", ".join(f"`{head.name}`" for head in heads(design.parameters))
        return f"""\
### By its signature, as servers call it

```python
signature = model.signatures["serving_default"]
by_name = signature(inputs=tf.constant(inputs))
print({{name: output.shape for name, output in by_name.items()}})
```

Its outputs are called as the heads are: {names}.

### As a layer in a Keras model

`keras.models.load_model` does not read this format; `TFSMLayer` does.

```python
import keras

layer = keras.layers.TFSMLayer({path!r}, call_endpoint="serve")
from_layer = layer(inputs)
```

The weights cannot be trained on: export as `.keras` for that.
"""
