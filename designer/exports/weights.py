"""The weights alone, in HDF5, with the configuration that says which layers they are of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from designer.exports.base import ExportFormat, Runtime
from designer.exports.how import How

if TYPE_CHECKING:
    import keras

    from designer.design import Design


class WeightsFile(ExportFormat):
    """What ``model.save_weights`` writes, with two texts beside it in the same file.

    ``model_config`` is Keras's own description of the layers, so that the file alone is enough
    to load it; ``design.json`` is the design, by which we know the file again. Keras leaves both
    alone.
    """

    name = "weights"
    title = "Keras weights (.weights.h5)"
    description = "The weights alone: for code that builds the model itself."
    file_name = "model.weights.h5"
    order = 30
    requirements = ("keras", "tensorflow", "h5py", "numpy")
    memory_factor = 9  # its reader holds what it reads several times over

    def runtime(self) -> Runtime:
        return Runtime(("keras", "tensorflow", "h5py"), (), ("keras", "tensorflow"))

    def write(self, model: keras.Model, design: Design, path: Path, how: How) -> None:
        import h5py

        model.save_weights(path)
        with h5py.File(path, "a") as file:
            file["model_config"] = model.to_json()
            file["design.json"] = design.to_json()

    def loading_code(self, path: str) -> str:
        return f'''\
import h5py
import keras
import numpy as np

with h5py.File({path!r}) as file:
    model = keras.models.model_from_json(file["model_config"].asstr()[()])
model.load_weights({path!r})


def predict(batch):
    """Return the outputs for a batch of inputs: a list of arrays, one a head."""
    outputs = model(np.asarray(batch, np.float32), training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return [keras.ops.convert_to_numpy(output) for output in outputs]
'''

    def more_code(self, path: str, design: Design, how: How | None = None) -> str:
        return f"""\
### Into a model that code has built

Layers are found by their order, so any code that builds the same layers does: that of the format
`code`, for example.

```python
import keras

built = keras.models.clone_model(model)
built.load_weights({path!r})
```
"""
