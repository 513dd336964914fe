"""Whether something fits in this machine's memory, asked before anything is allocated."""

from __future__ import annotations

import os
from pathlib import Path

from designer.errors import MemoryLimitError
from designer.summary import Summary

#: The most parameters we build, unless this variable in the environment says otherwise. The
#: largest template has 144 million; beyond half a billion a single slip of a slider would
#: keep a machine busy for minutes.
LIMIT_VARIABLE = "MODEL_DESIGNER_MAX_PARAMETERS"
MOST_PARAMETERS = 500_000_000

#: What a process with TensorFlow takes before it holds any model, in bytes.
RUNTIME_BYTES = 700 * 2**20

_CGROUPS = (  # limit, usage
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)


def available_bytes() -> int:
    """Return the memory that can still be taken: the machine's, or the container's if less."""
    import psutil  # 20 ms that a page's first run need not wait for

    free = psutil.virtual_memory().available
    for limit, usage in _CGROUPS:
        try:
            free = min(free, int(Path(limit).read_text()) - int(Path(usage).read_text()))
        except (OSError, ValueError):  # no such file, or the word "max"
            continue
    return max(free, 0)


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


def _largest(summary: Summary) -> str:
    layer = max(summary.layers, key=lambda one: one.params)
    return f"most of them in {layer.name!r} ({layer.params:,})"


def check_memory_to_build(summary: Summary) -> None:
    """Refuse a model whose weights are too many to be made here.

    Raises:
        MemoryLimitError: with the figures, the layer that holds most, and what would work.
    """
    limit = most_parameters()
    if summary.total_params > limit:
        raise MemoryLimitError(
            f"This design has {summary.total_params:,} parameters, {_largest(summary)}:"
            f" {write_bytes(summary.weight_bytes)} of weights. At most {limit:,} are built here;"
            " fewer units or filters, or smaller maps before a Flatten, work."
        )
    # Each weight is made once at random and once as the variable that keeps it.
    largest = 4 * max(layer.params for layer in summary.layers)
    needed = summary.weight_bytes + largest + RUNTIME_BYTES
    _check(needed, f"To build this design ({summary.total_params:,} parameters,"
           f" {_largest(summary)})", "Fewer units or filters work.")  # fmt: skip


def check_memory_to_train(summary: Summary, optimizer: str, batch_size: int) -> None:
    """Refuse a training run that would not fit in memory.

    Raises:
        MemoryLimitError: with the figures, and a batch size that would fit if there is one.
    """
    check_memory_to_build(summary)
    needed = summary.training_bytes(batch_size, optimizer) + RUNTIME_BYTES
    room = available_bytes() - (needed - batch_size * summary.activation_bytes)
    fitting = room // summary.activation_bytes if summary.activation_bytes else 0
    mend = (
        f"A batch size of {fitting} or less works."
        if fitting >= 1
        else "A smaller design or input works."
    )
    _check(needed, f"To train this design on batches of {batch_size}", mend)


def _check(needed: int, doing: str, mend: str) -> None:
    free = available_bytes()
    if needed > free:
        raise MemoryLimitError(
            f"{doing} would take about {write_bytes(needed)} of memory; {write_bytes(free)} are"
            f" free on this machine. {mend}"
        )
