"""TensorFlow's first words, kept off a person's terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def import_tensorflow_quietly() -> None:
    """Import TensorFlow without the lines it writes before its log level can be set.

    What it says of errors later on is not touched.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with unheard():
        import tensorflow  # noqa: F401


@contextmanager
def unheard() -> Iterator[None]:
    """Send what is written to the standard error nowhere, what is not written by Python too.

    Exceptions are raised as ever.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
