"""Training: what is chosen, the runs and their store, and (in workers) the training itself.

Importing this package imports neither TensorFlow nor the database library.
"""

from designer.training.checking import check_run
from designer.training.estimating import Estimate, MachineRates, estimate_epoch, known_rates
from designer.training.foreground import run_in_this_process
from designer.training.predictions import Prediction, Predictions
from designer.training.predictions import load as load_predictions
from designer.training.runs import MetricPoint, Progress, Run
from designer.training.settings import SettingsError, TrainingSettings
from designer.training.store import RunStore
from designer.training.taking_home import export_arguments

__all__ = [
    "Estimate",
    "MachineRates",
    "MetricPoint",
    "Prediction",
    "Predictions",
    "Progress",
    "Run",
    "RunStore",
    "SettingsError",
    "TrainingSettings",
    "check_run",
    "estimate_epoch",
    "export_arguments",
    "known_rates",
    "load_predictions",
    "run_in_this_process",
]
