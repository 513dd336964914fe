"""What a trained model is worth, worked out from what it said of the test examples.

Plain arrays in, plain values out: numpy, and neither TensorFlow nor scikit-learn.
"""

from designer.evaluating.confusion import ClassFigures, Confusion, confusion
from designer.evaluating.heads import Head, heads_of
from designer.evaluating.mistakes import Ranking, rank, rank_regression
from designer.evaluating.residuals import Residuals, residuals
from designer.evaluating.results import Results, Subject, has_results, load_results, write_results
from designer.evaluating.roc import RocCurve, roc_curve

__all__ = [
    "ClassFigures",
    "Confusion",
    "Head",
    "Ranking",
    "Residuals",
    "Results",
    "RocCurve",
    "Subject",
    "confusion",
    "has_results",
    "heads_of",
    "load_results",
    "rank",
    "rank_regression",
    "residuals",
    "roc_curve",
    "write_results",
]
