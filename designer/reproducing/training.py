"""The training of a package's model, done again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from designer.errors import PackageError
from designer.reproducing.reading import Package
from designer.training import Progress, Run, check_run, run_in_this_process
from designer.training.runs import STOPPED


def train_again(
    package: Package,
    dataset: str,
    on_progress: Callable[[Progress, Mapping[str, float]], None] | None = None,
) -> Run:
    """Train in this process as the package's model was, and return the run at its end.

    A training that was stopped is stopped again, after as many whole epochs.

    Args:
        package: the package.
        dataset: what its data are called here.
        on_progress: called with the progress and the newest figures a few times a second.

    Raises:
        PackageError: it was stopped before its first epoch was over.
        DesignerError: what ``check_run`` refuses, before TensorFlow is imported.
    """
    last = 0
    if package.state == STOPPED:
        last = len(package.epochs)
        if not last:
            raise PackageError(
                f"The training of {package.name} was stopped in its first epoch: there is no whole"
                " epoch to do again."
            )
    # Where figures also go is of the one who trained.
    settings = package.settings.replace(dataset=dataset, tensorboard=False, mlflow=False)
    check_run(package.design, settings, now=True)
    return run_in_this_process(package.design, settings, on_progress, last_epoch=last)


def cautions(package: Package, same_data: bool) -> list[str]:
    """Return, in words, why the training may not come out the same."""
    found = []
    if not same_data:
        found.append(
            "The package keeps no fingerprint of its data, so it is not known whether they are the"
            " same."
        )
    for change in package.changed:
        told = ", ".join(f"{name} to {value}" for name, value in change.items() if name != "epoch")
        found.append(
            f"In epoch {change.get('epoch', '?')} somebody changed {told}; here that holds from"
            " the start."
        )
    each = package.steps_an_epoch
    if package.state == STOPPED and each and package.steps % each:
        found.append(
            f"It was stopped within epoch {package.steps // each + 1}; here it is stopped after"
            f" epoch {package.steps // each}."
        )
    return found
