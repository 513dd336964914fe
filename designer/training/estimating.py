"""What an epoch will roughly take: a formula, this machine's rates, and earlier runs.

The formula is pure and knows nothing of TensorFlow; the rates are measured once a machine
by ``designer.training.calibrating`` and kept. A rough figure, to choose between seconds,
minutes and hours: within a factor of two or so.
"""

from __future__ import annotations

import json
import math
import os
import socket
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from designer.datasets import dataset_info
from designer.paths import cache_folder
from designer.summary import Summary
from designer.training.checking import check_run
from designer.training.runs import FINISHED, STOPPED, Run
from designer.training.settings import TrainingSettings
from designer.training.store import RunStore

PASSES = 3
"""A training step does the arithmetic of about three forward passes: one forward, and
backward one for the inputs' gradients and one for the weights'."""

SHORTEST_EVIDENCE = 2.0  # seconds of training below which a run says little of speed
RUNS_CONSIDERED = 5


@dataclass(frozen=True)
class MachineRates:
    """How fast this machine trains.

    Attributes:
        dense: multiply-adds a second in dense layers, all passes counted.
        convolution: multiply-adds a second in convolutions, all passes counted.
        weights: weights the optimizer renews a second.
        layer_seconds: what a layer costs in a step however small it is.
    """

    dense: float
    convolution: float
    weights: float
    layer_seconds: float


@dataclass(frozen=True)
class Estimate:
    """What one epoch will roughly take.

    Attributes:
        seconds: the figure, training and validation together.
        runs: how many finished runs of the same template it leans on; 0 for the formula alone.
    """

    seconds: float
    runs: int

    def in_words(self) -> str:
        """Return the figure as one would say it.

        >>> Estimate(4.2, 0).in_words()
        'about 4 s an epoch'
        """
        return f"{_about(self.seconds)} an epoch"

    def to_dict(self) -> dict[str, Any]:
        """Return the estimate as JSON values, the words included."""
        return {"seconds": self.seconds, "runs": self.runs, "words": self.in_words()}


def epoch_seconds(
    summary: Summary, examples: int, measured: int, batch_size: int, rates: MachineRates
) -> float:
    """Return the seconds of an epoch by the formula.

    Args:
        summary: the design's figures.
        examples: training examples.
        measured: validation examples.
        batch_size: examples a step.
        rates: the machine's.
    """
    convolution = sum(
        layer.multiply_adds for layer in summary.layers if layer.class_name.endswith("Conv2D")
    )
    dense = summary.multiply_adds - convolution
    one_pass = convolution / rates.convolution + dense / rates.dense
    step = len(summary.layers) * rates.layer_seconds + summary.trainable_params / rates.weights
    arithmetic = one_pass * (PASSES * examples + measured)
    return arithmetic + math.ceil(examples / batch_size) * step


def estimate_epoch(
    summary: Summary,
    settings: TrainingSettings,
    rates: MachineRates,
    earlier: Sequence[Run] = (),
) -> Estimate:
    """Return what an epoch will roughly take.

    Args:
        summary: the design's figures.
        settings: how it will be trained.
        rates: the machine's.
        earlier: runs that are over; those of the same template that took long enough to say
            something correct the formula.
    """
    seconds = _by_formula(summary, settings, rates)
    corrections: list[float] = []
    for run in earlier:
        if len(corrections) == RUNS_CONSIDERED:
            break
        if run.template == summary.template and run.progress.elapsed >= SHORTEST_EVIDENCE:
            correction = _correction(run, rates)
            if correction is not None:
                corrections.append(correction)
    if corrections:
        seconds *= statistics.median(corrections)
    return Estimate(seconds, len(corrections))


def known_rates() -> MachineRates | None:
    """Return this machine's rates if they have been measured, else ``None``."""
    try:
        kept = json.loads(_rates_file().read_text())
        return MachineRates(**kept["rates"]) if kept["machine"] == _machine() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_rates(rates: MachineRates) -> None:
    """Keep this machine's rates."""
    text = json.dumps({"machine": _machine(), "rates": asdict(rates)}, indent=1)
    unfinished = _rates_file().with_suffix(f".{os.getpid()}")
    unfinished.write_text(text)
    unfinished.replace(_rates_file())


def estimate(design: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an epoch will roughly take; a worker's job, as it may have to measure first.

    Args:
        design: what ``Design.to_dict`` returns.
        settings: what ``TrainingSettings.to_dict`` returns.

    Returns:
        ``seconds``, ``runs`` and ``words``; see ``Estimate``.

    Raises:
        DesignerError: what ``check_run`` refuses.
    """
    _, known_settings, summary = check_run(design, settings)
    rates = known_rates()
    if rates is None:
        from designer.training.calibrating import measure

        rates = measure()
        keep_rates(rates)
    store = RunStore()
    try:
        earlier = store.runs([FINISHED, STOPPED], limit=100)
    finally:
        store.close()
    return estimate_epoch(summary, known_settings, rates, earlier).to_dict()


def _by_formula(summary: Summary, settings: TrainingSettings, rates: MachineRates) -> float:
    count = dataset_info(settings.dataset).examples
    validation = round(count * settings.validation)
    training = count - validation - round(count * settings.test)
    return epoch_seconds(summary, training, validation, settings.batch_size, rates)


def _correction(run: Run, rates: MachineRates) -> float | None:
    """Return how many times longer a run took than the formula says; ``None`` if unknown."""
    from designer.design import Design
    from designer.errors import DesignerError
    from designer.summary import summarize

    steps = run.progress.steps / max(1, run.progress.epochs)
    if not steps or not run.progress.pace:
        return None
    try:
        settings = TrainingSettings.from_dict(run.settings)
        expected = _by_formula(summarize(Design.from_dict(run.design)), settings, rates)
    except DesignerError:
        return None  # of another version, or its data set is gone
    return run.progress.pace * steps / expected


def _about(seconds: float) -> str:
    if seconds < 1:
        return "less than a second"
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "min")):
        if seconds >= 1.5 * size:
            return f"about {seconds / size:.0f} {name}"
    return f"about {seconds:.0f} s"


def _rates_file() -> Path:
    return cache_folder() / "machine-rates.json"


def _machine() -> dict[str, Any]:
    """What must be the same for kept rates to hold: a home folder may be shared or moved."""
    return {"host": socket.gethostname(), "processors": os.cpu_count()}
