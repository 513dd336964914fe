"""Keras's own file: the layers and their weights, to look into, change and train on."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from designer.compiling import compile_settings
from designer.exports.base import ExportFormat, Runtime
from designer.exports.how import How

if TYPE_CHECKING:
    import keras

    from designer.design import Design


class KerasFile(ExportFormat):
    """What ``model.save`` writes, with the design beside Keras's own parts.

    The file is a zip; Keras reads the members it knows and leaves ``design.json`` alone, by
    which we know the file again.
    """

    name = "keras"
    title = "Keras file (.keras)"
    description = "One file that Keras opens as a model of layers: to look into, or train on."
    file_name = "model.keras"
    order = 20
    requirements = ("keras", "tensorflow", "numpy")
    memory_factor = 9  # its reader holds what it reads several times over

    def runtime(self) -> Runtime:
        return Runtime(("keras", "tensorflow"), (), ("keras", "tensorflow"))

    def write(self, model: keras.Model, design: Design, path: Path, how: How) -> None:
        model.save(path)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("design.json", design.to_json())

    def loading_code(self, path: str) -> str:
        return f'''\
import keras
import numpy as np

model = keras.models.load_model({path!r}, compile=False)


def predict(batch):
    """Return the outputs for a batch of inputs: a list of arrays, one a head."""
    outputs = model(np.asarray(batch, np.float32), training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return [keras.ops.convert_to_numpy(output) for output in outputs]
'''

    def more_code(self, path: str, design: Design, how: How | None = None) -> str:
        settings = compile_settings(design)
        several = len(settings.loss) > 1
        loss: object = list(settings.loss) if several else settings.loss[0]
        return f"""\
### To train it on

```python
model.compile(optimizer={settings.optimizer!r}, loss={loss!r})
model.summary()
```

The optimizer's own state is not in the file.
"""
