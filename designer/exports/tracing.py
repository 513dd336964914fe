"""Graphs for converters, which know plain operations only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def plain_operations() -> Iterator[None]:
    """Have what is traced inside hold no functions that are to be compiled.

    Keras (3.15) wraps a convolution in groups in ``tf.function(jit_compile=True)``, which stays
    a call of a function in the graph; a converter takes the convolution itself.
    """
    import tensorflow as tf

    usual = tf.function

    def without_compiling(*arguments: Any, jit_compile: bool | None = None, **named: Any) -> Any:
        if jit_compile:
            return lambda function: function
        return usual(*arguments, jit_compile=jit_compile, **named)

    replaced: Callable[..., Any] = without_compiling
    tf.function = replaced
    try:
        yield
    finally:
        tf.function = usual
