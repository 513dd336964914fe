"""The jobs a worker knows: a name, and the function that does it as a dotted path.

A path is imported when its job is first asked for, so that the list costs nothing and a
job brings only what it needs. Arguments and results are JSON values. A new job is one
line here.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from designer.errors import DesignerError, unknown_name

JOBS: dict[str, str] = {
    # name: "module:function"                          what it does
    "ping": "designer.engine.jobs:ping",  # is the worker there
    "check": "designer.checking:check",  # build the real model, compare it with our figures
    "dataset": "designer.engine.jobs:fetch_dataset",  # bring a data set into the cache
    "own_data": "designer.datasets.own:own_data",  # look through, or keep, what was brought along
    "calibrate": "designer.training.calibrating:calibrate",  # measure this machine
    "estimate": "designer.training.estimating:estimate",  # what an epoch will roughly take
    "augmented": "designer.training.augmented_examples:augmented",  # pictures, plain and varied
    "baseline": "designer.diagnosing.baseline:baseline_of",  # what a constant answer reaches
    "train": "designer.training.worker_run:execute",  # execute a queued run
    "conclude": "designer.training.worker_run:conclude",  # make a stopped run's final figures
    "predict": "designer.looking.predicting:predict",  # what a model says of an example
    "filters": "designer.looking.layers:filters",  # what a layer has learned to look for
    "feature_maps": "designer.looking.layers:feature_maps",  # what it makes of an example
    "grad_cam": "designer.looking.saliency:grad_cam",  # where the evidence for a class lies
    "occlusion": "designer.looking.saliency:occlusion",  # how an answer falls without a part
    "export": "designer.exports:export",  # write a model out, check that it reloads
}


def ping() -> str:
    """Answer; the job to ask of a worker to know that it is there."""
    return "pong"


def fetch_dataset(name: str, timeout: float = 600.0) -> dict[str, Any]:
    """Load a data set, so that ``designer.datasets.load_preview`` can show it at once.

    Args:
        name: a name of the catalogue.
        timeout: seconds that a download may take.

    Returns:
        ``name`` and the number of ``examples``.

    Raises:
        DatasetError: there is no such data set, or no network to fetch it.
    """
    from designer.datasets import load

    return {"name": name, "examples": len(load(name, timeout=timeout))}


def job_function(name: str) -> Callable[..., Any]:
    """Return the function of a job, imported now.

    ``name`` is a name in ``JOBS``, or a dotted path ``module:function`` itself.

    Raises:
        DesignerError: there is no such job.
    """
    path = JOBS.get(name, name)
    module, colon, function = path.partition(":")
    if not colon:
        raise DesignerError(unknown_name("job", name, JOBS))
    found = importlib.import_module(module)
    job: Callable[..., Any] = getattr(found, function)
    return job
