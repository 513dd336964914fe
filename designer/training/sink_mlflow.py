"""A run in MLflow: its settings as parameters, its figures as metrics.

It goes to the tracking server ``$MLFLOW_TRACKING_URI`` names, or to a database beside our own
(``mlflow server --backend-store-uri sqlite:///…/mlflow.sqlite`` shows it). For worker processes.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

from designer.paths import home
from designer.training import runs as states
from designer.training.runs import EPOCH, Run
from designer.training.settings import TrainingSettings
from designer.training.store import NewPoint

EXPERIMENT = "Model Designer"
RUN_TAG = "model_designer.run"
_MOST_AT_ONCE = 500  # metrics in a call; a server takes 1,000

_STATUS = {
    states.FINISHED: "FINISHED",
    states.STOPPED: "KILLED",
    states.FAILED: "FAILED",
}


def tracking_address() -> str:
    """Return where runs are written to."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{home() / 'mlflow.sqlite'}"


def open_sink(run: Run, settings: TrainingSettings) -> MlflowSink:
    """Open the MLflow run of a run; that of an earlier go, if there is one."""
    return MlflowSink(MlflowClient(tracking_address()), run, settings)


class MlflowSink:
    """Writes to a tracking server.

    Args:
        client: of the server.
        run: the run.
        settings: of its training.
    """

    def __init__(self, client: MlflowClient, run: Run, settings: TrainingSettings):
        self._client = client
        found = client.get_experiment_by_name(EXPERIMENT)
        experiment = found.experiment_id if found else client.create_experiment(EXPERIMENT)
        known = client.search_runs([experiment], f"tags.`{RUN_TAG}` = '{run.id}'", max_results=1)
        if known:
            self._run = known[0].info.run_id
            client.update_run(self._run, status="RUNNING")
        else:
            self._run = client.create_run(experiment, run_name=run.title).info.run_id
            design = json.dumps(run.design)
            tags = [RunTag(RUN_TAG, run.id), RunTag("model_designer.design", design[:8000])]
            params = [Param(name, value) for name, value in _parameters(run, settings)]
            client.log_batch(self._run, params=params[:100], tags=tags)
        self._written = {
            key: self._last_step(key) for key in (known[0].data.metrics if known else ())
        }

    def write(self, points: Sequence[NewPoint]) -> None:
        now = int(time.time() * 1000)
        metrics = []
        for point in points:
            is_epoch = point.kind == EPOCH
            step = point.epoch if is_epoch else point.step
            for name, value in point.values.items():
                key = name if is_epoch else f"batch_{name}"
                if step > self._written.get(key, -1):
                    metrics.append(Metric(key, value, now, step))
                    self._written[key] = step
        self._log(metrics)

    def close(self, state: str, metrics: Mapping[str, float]) -> None:
        now = int(time.time() * 1000)
        tests = {name: value for name, value in metrics.items() if name.startswith("test_")}
        self._log([Metric(name, value, now, 0) for name, value in tests.items()])
        if state in _STATUS:
            self._client.set_terminated(self._run, _STATUS[state])

    def _log(self, metrics: Sequence[Metric]) -> None:
        for first in range(0, len(metrics), _MOST_AT_ONCE):
            self._client.log_batch(self._run, metrics=metrics[first : first + _MOST_AT_ONCE])

    def _last_step(self, key: str) -> int:
        return max(
            (one.step for one in self._client.get_metric_history(self._run, key)), default=-1
        )


def _parameters(run: Run, settings: TrainingSettings) -> Iterator[tuple[str, str]]:
    yield "template", str(run.design.get("template"))
    for name, value in (run.design.get("parameters") or {}).items():
        yield f"design.{name}", str(value)[:500]
    for name, value in settings.to_dict().items():
        if name not in ("tensorboard", "mlflow"):
            yield name, str(value)[:500]
