"""The first and the last line of a functional model."""

from __future__ import annotations

from collections.abc import Sequence

from designer.code.calls import Call, keyword, layer_call
from designer.code.lines import marked
from designer.graph import Layer


def input_line(layer: Layer) -> list[str]:
    """Return ``inputs = keras.Input(…)``."""
    return marked(layer_call("InputLayer", layer.config, layer.name).lines("inputs = "), [layer])


def model_lines(outputs: Sequence[str], name: str) -> list[str]:
    """Return ``model = keras.Model(…)``."""
    written = outputs[0] if len(outputs) == 1 else f"[{', '.join(outputs)}]"
    if len(outputs) > 1 and len(written) > 80:
        rows = "\n        ".join(f"{output}," for output in outputs)
        written = f"[\n        {rows}\n    ]"
    call = Call("keras.Model", ("inputs", written, keyword("name", name)))
    return "\n".join(call.lines("model = ")).split("\n")
