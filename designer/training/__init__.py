"""Training: what is chosen, the runs and their store, and (in workers) the training itself.

Importing this package imports neither TensorFlow nor the database library.
"""

from designer.training.asking import (
    change_settings,
    has_checkpoint,
    request_one_epoch,
    request_pause,
    request_resume,
    request_stop,
)
from designer.training.augmentation import Augmentation
from designer.training.checking import check_run
from designer.training.estimating import Estimate, MachineRates, estimate_epoch, known_rates
from designer.training.foreground import run_in_this_process
from designer.training.runs import Event, MetricPoint, Progress, Run
from designer.training.settings import SettingsError, TrainingSettings
from designer.training.store import RunStore
from designer.training.taking_home import export_arguments

__all__ = [
    "Augmentation",
    "Estimate",
    "Event",
    "MachineRates",
    "MetricPoint",
    "Progress",
    "Run",
    "RunStore",
    "SettingsError",
    "TrainingSettings",
    "change_settings",
    "check_run",
    "estimate_epoch",
    "export_arguments",
    "has_checkpoint",
    "known_rates",
    "request_one_epoch",
    "request_pause",
    "request_resume",
    "request_stop",
    "run_in_this_process",
]
