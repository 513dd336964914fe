"""How a design is compiled: a loss a head, an optimizer, metrics (book: "Optimizer (Compile)")."""

from __future__ import annotations

from dataclasses import dataclass

from designer.design import Design
from designer.tasks import heads


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


def figures_of(design: Design) -> tuple[str, ...]:
    """Return what a compiled design measures, as Keras names it: the loss, the metrics, and both
    of each head where there are several."""
    settings, names = compile_settings(design), [head.name for head in heads(design.parameters)]
    if len(names) == 1:
        return ("loss", *settings.metrics)
    return ("loss", *(f"{name}_{of}" for of in ("loss", *settings.metrics) for name in names))


#: Our metric → Keras's class.
_METRIC_CLASSES = {
    "auc": "AUC",
    "precision": "Precision",
    "recall": "Recall",
    "mae": "MeanAbsoluteError",
    "mse": "MeanSquaredError",
    "root_mean_squared_error": "RootMeanSquaredError",
    "r2_score": "R2Score",
}


def metric_class(metric: str, task: str, loss: str) -> str:
    """Return the class of ``keras.metrics`` that measures one of our metrics for a head.

    Keras's plain "accuracy" would count a multi-label example by its largest output alone, so
    the class is always named.
    """
    sparse = "Sparse" if loss.startswith("sparse_") else ""
    if metric == "top_5_accuracy":
        return f"{sparse}TopKCategoricalAccuracy"
    if metric == "accuracy":
        several = task in {"multiclass", "multitask"}
        return f"{sparse}CategoricalAccuracy" if several else "BinaryAccuracy"
    return _METRIC_CLASSES[metric]
