"""Calls as source: one line where it fits, else broken as a formatter would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from designer.code.arguments import written_arguments
from designer.code.literals import literal
from designer.graph import Layer

#: In the place of an argument's name: the arguments in a dictionary.
ALL_OF = "**"
#: No line of source is longer.
WIDTH = 100


@dataclass(frozen=True)
class Call:
    """A call: ``layers.ReLU``, its written arguments, what its result is applied to, and what
    closes after it."""

    function: str
    arguments: tuple[str, ...]
    fed: tuple[str, ...] | None = None
    after: str = ""

    def on(self, sources: Sequence[str]) -> Call:
        """Return the call of a layer, applied to these variables."""
        return Call(self.function, self.arguments, tuple(sources))

    def lines(self, before: str = "", indent: int = 0) -> list[str]:
        """Return the lines of ``before`` + the call, none longer than :data:`WIDTH`."""
        space = " " * indent
        start, tail = f"{space}{before}{self.function}(", f"){self._tail()}"
        inside = ", ".join(self.arguments)
        if len(start) + len(inside) + len(tail) <= WIDTH:
            return [f"{start}{inside}{tail}"]
        deeper = f"{space}    "
        if len(space) + len(tail) > WIDTH:  # many layers meet in one
            assert self.fed is not None
            tails = [f"{space})(", f"{deeper}[", *(f"{deeper}    {one}," for one in self.fed)]
            tails += [f"{deeper}]", f"{space})"]
        else:
            tails = [f"{space}{tail}"]
        if not self.arguments:
            return [f"{start}{tails[0].lstrip()}", *tails[1:]]
        if len(deeper) + len(inside) <= WIDTH:
            return [start, f"{deeper}{inside}", *tails]
        return [start, *(f"{deeper}{one}," for one in self.arguments), *tails]

    def _tail(self) -> str:
        if self.fed is None:
            return self.after
        feeds = ", ".join(self.fed)
        return f"({feeds})" if len(self.fed) == 1 else f"([{feeds}])"


def keyword(name: str, value: Any) -> str:
    """Return one argument: ``strides=(2, 2)``, the value alone where ``name`` is empty, or all
    that a dictionary holds where it is ``**``."""
    if name == ALL_OF:
        return f"**{value}"
    return f"{name}={literal(value)}" if name else literal(value)


def layer_call(class_name: str, config: Mapping[str, Any], name: Any) -> Call:
    """Return the call that makes a layer.

    Args:
        class_name: a class of ``keras.layers``.
        config: its arguments; values may be ``Code``.
        name: the layer's name, or ``Code`` that gives it.
    """
    if class_name == "InputLayer":
        return Call("keras.Input", (keyword("shape", config["shape"]), keyword("name", name)))
    written = [keyword(*argument) for argument in written_arguments(class_name, config)]
    return Call(f"layers.{class_name}", (*written, keyword("name", name)))


def layer_line(layer: Layer) -> str:
    """Return a layer as one line of Keras code, however long.

    >>> from designer import Design
    >>> layer_line(Design.from_template("dnn").graph.layers[1])
    'layers.Dense(10, activation="relu", name="hidden1")(inputs)'
    """
    call = layer_call(layer.class_name, layer.config, layer.name)
    feeds = ", ".join(layer.inputs)
    tail = f"([{feeds}])" if len(layer.inputs) > 1 else f"({feeds})" if feeds else ""
    return f"{call.function}({', '.join(call.arguments)}){tail}"
