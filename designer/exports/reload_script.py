"""Run by a fresh Python process to prove an export: load it, predict, write the outputs down.

``python -P reload_script.py``: TensorFlow is imported first, while the export is still being
made; then one line of JSON is read from standard input: ``folder`` (worked in), ``code`` (the
lines that load the model and define ``predict``), ``inputs`` and ``outputs`` (``.npz`` files).
Outputs are named ``batch<i>_head<j>``. Nothing of ``designer`` is used, nor could be: what
loads here loads where Model Designer is not.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from typing import Any


def main() -> None:
    """Do what the module says."""
    sys.modules["designer"] = None  # type: ignore[assignment]  # an import of it fails
    import keras
    import numpy as np
    import tensorflow as tf

    line = sys.stdin.readline()
    if not line:
        return  # the export was given up
    job = json.loads(line)
    os.chdir(job["folder"])
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(job["code"], "<the lines of the README>", "exec"), space)
    outputs: dict[str, Any] = {}
    with np.load(job["inputs"], allow_pickle=False) as inputs:
        for batch in inputs.files:
            for number, output in enumerate(space["predict"](inputs[batch])):
                outputs[f"{batch}_head{number}"] = output
    versions = {
        "Python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
    np.savez(job["outputs"], versions=np.array(json.dumps(versions)), **outputs)


if __name__ == "__main__":
    main()
