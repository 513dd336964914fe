"""Reasons in words, and what is not imported before it is needed."""

from __future__ import annotations

import errno
import subprocess
import sys

from designer.errors import DatasetError
from designer.training.failures import in_words


class ResourceExhaustedError(Exception):
    """Stands for TensorFlow's."""


def test_accidents_are_told_in_words() -> None:
    assert in_words(DatasetError("There is no network.")) == "There is no network."
    assert "disk is full" in in_words(OSError(errno.ENOSPC, "No space left on device"))
    assert "disk is full" in in_words(RuntimeError("(OperationalError) database or disk is full"))
    assert "out of memory" in in_words(MemoryError())
    assert "out of memory" in in_words(ResourceExhaustedError("OOM when allocating tensor"))
    assert in_words(KeyError("x")) == "Training failed unexpectedly (KeyError: 'x')."
    wrapped = RuntimeError("wrapped")
    wrapped.__cause__ = DatasetError("The cause.")
    assert in_words(wrapped) == "The cause."


LIGHT = """
import sys
import designer.engine, designer.training
heavy = {"tensorflow", "keras", "sqlalchemy", "streamlit", "pandas", "sklearn"} & set(sys.modules)
assert not heavy, heavy
from designer import Design, DesignerError
from designer.training import TrainingSettings, run_in_this_process
try:
    run_in_this_process(Design.from_template("dnn"), TrainingSettings("iris"))
except DesignerError:
    assert "tensorflow" not in sys.modules
else:
    raise AssertionError("a design for 13 numbers does not fit iris")
"""


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    subprocess.run([sys.executable, "-c", LIGHT], check=True, timeout=60)
