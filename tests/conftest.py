"""What every test shares: a home of its own, and its place in the suite."""

from __future__ import annotations

import gc
import os
import tempfile
from pathlib import Path

import pytest

# Before anything of ours is imported, and for every process a test starts.
os.environ["MODEL_DESIGNER_HOME"] = tempfile.mkdtemp(prefix="model-designer-tests-")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True, scope="module")
def _nothing_old_to_collect() -> None:
    """Leave what is there already out of every garbage collection to come.

    Keras collects with every session it clears, Streamlit after every run of a page; what
    TensorFlow and earlier tests have left takes up to seconds each time.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
