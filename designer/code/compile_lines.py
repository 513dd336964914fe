"""The compile step as source: what ``designer.keras_model.compile_model`` does."""

from __future__ import annotations

from designer.code.literals import literal
from designer.compiling import compile_settings, metric_class
from designer.design import Design


def compile_lines(design: Design) -> list[str]:
    """Return the lines that compile ``model``."""
    settings = compile_settings(design)
    several = len(settings.loss) > 1
    metrics = [
        "[" + ", ".join(
            f"keras.metrics.{metric_class(name, design['task'], loss)}(name={literal(name)})"
            for name in settings.metrics
        ) + "]"
        for loss in settings.loss
    ]  # fmt: skip
    lines = ["model.compile(", f"    optimizer={literal(settings.optimizer)},"]
    losses = literal(list(settings.loss)) if several else literal(settings.loss[0])
    if len(losses) <= 80:
        lines.append(f"    loss={losses},")
    else:
        lines += ["    loss=[", *(f"        {literal(loss)}," for loss in settings.loss), "    ],"]
    if several and settings.metrics:
        lines += ["    metrics=[", *(f"        {one}," for one in metrics), "    ],"]
    elif settings.metrics:
        lines.append(f"    metrics={metrics[0]},")
    return [*lines, ")"]
