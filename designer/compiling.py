"""How a design is compiled: a loss a head, an optimizer, metrics (book: "Optimizer (Compile)")."""

from __future__ import annotations

from dataclasses import dataclass

from designer.design import Design


@dataclass(frozen=True)
class CompileSettings:
    """What ``model.compile`` is given.

    Attributes:
        loss: one loss a head, by Keras's name.
        optimizer: Keras's name.
        metrics: our names of the metrics of each head; empty for none.
    """

    loss: tuple[str, ...]
    optimizer: str
    metrics: tuple[str, ...]


def compile_settings(design: Design) -> CompileSettings:
    """Return how a design is compiled."""
    loss = design["loss"]
    metric = design["metric"]
    return CompileSettings(
        loss=(loss,) if isinstance(loss, str) else tuple(loss),
        optimizer=design["optimizer"],
        metrics=() if metric == "none" else (metric,),
    )
