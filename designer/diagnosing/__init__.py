"""What is happening in a run, in words, while it happens: pure, no TensorFlow, no database."""

from designer.diagnosing.action_words import action_words
from designer.diagnosing.baseline import Baseline, baseline
from designer.diagnosing.diagnose import diagnose
from designer.diagnosing.diagnosis import GOOD, NOTE, SERIOUS, SEVERITIES, WARNING, Diagnosis

__all__ = [
    "GOOD",
    "NOTE",
    "SERIOUS",
    "SEVERITIES",
    "WARNING",
    "Baseline",
    "Diagnosis",
    "action_words",
    "baseline",
    "diagnose",
]
