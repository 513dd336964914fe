"""Whether something fits in this machine's memory, asked before anything is allocated."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from designer.errors import MemoryLimitError
from designer.summary import LayerSummary, Summary

#: The most parameters we build, unless this variable in the environment says otherwise. The
#: largest template has 144 million; beyond half a billion a single slip of a slider would
#: keep a machine busy for minutes.
LIMIT_VARIABLE = "MODEL_DESIGNER_MAX_PARAMETERS"
MOST_PARAMETERS = 500_000_000

#: What a process with TensorFlow takes before it holds any model, in bytes.
RUNTIME_BYTES = 700 * 2**20

# A container's limit, what it has taken, and where it says how much of that is only a cache
# of files, which it gives back when asked: (limit, usage, statistics).
_CGROUPS = (
    ("memory.max", "memory.current", "memory.stat"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"),
)
_CGROUP_FOLDER = Path("/sys/fs/cgroup")


#: The most memory that all runs together may take, in bytes, if not all that the machine has.
MEMORY_VARIABLE = "MODEL_DESIGNER_MEMORY"


def capacity_bytes() -> int:
    """Return the memory there would be for runs if nothing else took any."""
    import psutil

    return min(psutil.virtual_memory().total, *_container_limits(_CGROUP_FOLDER), _allowance())


def room_for_runs(under_way: Iterable[tuple[int, int | None]]) -> int:
    """Return the memory that another run could take now, in bytes.

    Args:
        under_way: of each run under way, the bytes it asked for and its process number. What
            it asked for and has not taken yet is spoken for.
    """
    import psutil

    asked = spoken_for = 0
    for needed, pid in under_way:
        asked += needed
        try:
            taken = psutil.Process(pid).memory_info().rss if pid else 0
        except psutil.Error:
            taken = 0
        spoken_for += max(0, needed - taken)
    return min(available_bytes() - spoken_for, _allowance() - asked)


def _allowance() -> int:
    text = os.environ.get(MEMORY_VARIABLE, "")
    return int(text) if text.isdigit() and int(text) > 0 else 2**63


def available_bytes() -> int:
    """Return the memory that can still be taken: the machine's, or the container's if less."""
    import psutil  # 20 ms that a page's first run need not wait for

    return max(0, min(psutil.virtual_memory().available, *_container_bytes(_CGROUP_FOLDER)))


def _container_bytes(folder: Path) -> list[int]:
    """Return what each kind of container limit leaves free; nothing where there is none."""
    free = [2**63]
    for limit, usage, statistics in _CGROUPS:
        try:
            taken = int((folder / usage).read_text())
            for line in (folder / statistics).read_text().splitlines():
                name, _, value = line.partition(" ")
                if name in {"inactive_file", "total_inactive_file"}:
                    taken -= int(value)
                    break
            free.append(int((folder / limit).read_text()) - taken)
        except (OSError, ValueError):  # no such file, or the word "max"
            continue
    return free


def _container_limits(folder: Path) -> list[int]:
    """Return the limits that containers set; nothing where there is none."""
    limits = [2**63]
    for limit, _usage, _statistics in _CGROUPS:
        with contextlib.suppress(OSError, ValueError):  # no such file, or the word "max"
            limits.append(int((folder / limit).read_text()))
    return limits


def most_parameters() -> int:
    """Return the most parameters a model may have here."""
    text = os.environ.get(LIMIT_VARIABLE, "")
    return int(text) if text.isdigit() else MOST_PARAMETERS


def write_bytes(count: float) -> str:
    """Write an amount of memory for a person.

    >>> write_bytes(102_546_848), write_bytes(560)
    ('98 MB', '560 B')
    """
    size = float(count)
    for unit in ("B", "KB", "MB", "GB", "TB", "PB"):
        if size < 1000 or unit == "PB":
            break
        size /= 1024
    if unit == "B":
        return f"{size:.0f} B"
    return f"{size:.1f} {unit}" if size < 10 else f"{size:,.0f} {unit}"


def largest_layer(summary: Summary) -> LayerSummary:
    """Return the layer with the most parameters."""
    return max(summary.layers, key=lambda layer: layer.params)


def _largest(summary: Summary) -> str:
    layer = largest_layer(summary)
    return f"most of them in {layer.name!r} ({layer.params:,})"


def too_many_parameters(summary: Summary) -> MemoryLimitError | None:
    """Return why a model has more weights than are made here, whatever memory is free; ``None``
    if it has not."""
    limit = most_parameters()
    if summary.total_params > limit:
        return MemoryLimitError(
            f"This design has {summary.total_params:,} parameters, {_largest(summary)}:"
            f" {write_bytes(summary.weight_bytes)} of weights. At most {limit:,} are built here;"
            " fewer units or filters, or smaller maps before a Flatten, work."
        )
    return None


def check_memory_to_build(summary: Summary) -> None:
    """Refuse a model whose weights are too many to be made here.

    Raises:
        MemoryLimitError: with the figures, the layer that holds most, and what would work.
    """
    if refusal := too_many_parameters(summary):
        raise refusal
    # Each weight is made once at random and once as the variable that keeps it.
    largest = 4 * max(layer.params for layer in summary.layers)
    needed = summary.weight_bytes + largest + RUNTIME_BYTES
    doing = f"To build this design ({summary.total_params:,} parameters, {_largest(summary)})"
    _check(needed, doing, "Fewer units or filters work.", available_bytes(), "free")


def memory_to_train(summary: Summary, optimizer: str, batch_size: int) -> int:
    """Return roughly the memory that a training run takes, in bytes: a copy of the best weights,
    the squares that a weight penalty sums up, and TensorFlow itself included."""
    training = summary.training_bytes(batch_size, optimizer)
    squares = 4 * largest_layer(summary).params if summary.design.parameters.get("l2") else 0
    return training + squares + summary.weight_bytes + RUNTIME_BYTES


def check_memory_to_train(
    summary: Summary, optimizer: str, batch_size: int, *, ever: bool = False
) -> None:
    """Refuse a training run that would not fit in memory.

    Args:
        summary: of the design.
        optimizer: Keras's name.
        batch_size: examples a step.
        ever: whether it need only fit once nothing else takes memory: such a run can wait.

    Raises:
        MemoryLimitError: with the figures, and a batch size that would fit if there is one.
    """
    if refusal := too_many_parameters(summary):
        raise refusal
    free = capacity_bytes() if ever else min(available_bytes(), _allowance())
    needed = memory_to_train(summary, optimizer, batch_size)
    room = free - (needed - batch_size * summary.activation_bytes)
    fitting = room // summary.activation_bytes if summary.activation_bytes else 0
    if fitting > 1:
        mend = f"A batch size of {fitting} or less works."
    else:
        mend = "A batch size of 1 works." if fitting == 1 else "A smaller design or input works."
    doing = f"To train this design on batches of {batch_size}"
    _check(needed, doing, mend, free, "there for runs" if ever else "free")


def _check(needed: int, doing: str, mend: str, free: int, which: str) -> None:
    if needed > free:
        raise MemoryLimitError(
            f"{doing} would take about {write_bytes(needed)} of memory; {write_bytes(free)} are"
            f" {which} on this machine. {mend}"
        )
