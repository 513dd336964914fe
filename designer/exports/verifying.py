"""The proof that an export reloads: a fresh process loads it, and its predictions are compared."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from designer.errors import ExportError
from designer.exports import reload_script

if TYPE_CHECKING:
    import keras
    import numpy as np

CHECK_SECONDS = 300.0
"""How long a fresh process may take to import TensorFlow, load the export and predict."""

MOST_EXAMPLES = 64

SMALLEST_SCALE = 1e-3
"""Outputs smaller than this are not asked to agree to a finer figure than it allows."""


class FreshProcess:
    """A Python process that loads an export and predicts with it.

    It imports TensorFlow from the moment it is made, so make it before the export is written;
    then :meth:`ask` it once, do something else meanwhile, and take the :meth:`answer`. Leaving
    its context ends it. It predicts on the processor, so that a graphics card that is in use
    is not asked for more memory.
    """

    def __init__(self) -> None:
        environment = dict(os.environ)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # TensorFlow imports 3 times faster
        environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        environment["CUDA_VISIBLE_DEVICES"] = "-1"
        self._process = subprocess.Popen(
            [sys.executable, "-P", reload_script.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self._line = b""
        self._outputs = Path()

    def __enter__(self) -> FreshProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stderr):
            with contextlib.suppress(OSError, ValueError):
                if pipe:
                    pipe.close()
        self._process.wait()

    def ask(self, folder: Path, code: str, batches: Sequence[np.ndarray], workspace: Path) -> None:
        """Have it load an export and predict; returns at once.

        Args:
            folder: where ``code`` is run.
            code: the lines that load the export and define ``predict``.
            batches: float32 arrays (examples, …), each predicted as one batch.
            workspace: a folder for what goes to and fro.
        """
        import numpy as np

        self._outputs = (workspace / "outputs.npz").resolve()
        inputs = (workspace / "inputs.npz").resolve()
        np.savez(inputs, **{f"batch{number}": batch for number, batch in enumerate(batches)})  # type: ignore[arg-type]
        job = {
            "folder": str(folder.resolve()),
            "code": code,
            "inputs": str(inputs),
            "outputs": str(self._outputs),
        }
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it ended: the answer says how
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()

    def answer(self, seconds: float) -> tuple[list[list[np.ndarray]], dict[str, str]]:
        """Return its outputs, for each batch a list of arrays, one a head, and its versions.

        Raises:
            ExportError: it did not load the export, or not in time.
        """
        import numpy as np

        try:
            _, errors = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise ExportError(
                f"The export was written, but a fresh Python process had not loaded it and"
                f" predicted after {seconds:.3g} s, so it is not offered. Try again when the"
                " machine is less busy, or export a smaller model."
            ) from None
        if self._process.returncode != 0 or not self._outputs.exists():
            lines = errors.decode(errors="replace").strip().splitlines()
            reason = lines[-1].strip() if lines else "it said nothing"
            raise ExportError(
                "The export was written, but a fresh Python process could not load it and"
                f" predict, so it is not offered: {reason}"
                f" (exit status {self._process.returncode})."
            )
        outputs: dict[int, list[np.ndarray]] = {}
        with np.load(self._outputs, allow_pickle=False) as arrays:
            versions: dict[str, str] = json.loads(str(arrays["versions"]))
            for name in arrays.files:
                if name != "versions":  # written batch by batch, head by head
                    batch = int(name.split("_")[0].removeprefix("batch"))
                    outputs.setdefault(batch, []).append(arrays[name])
        return [outputs[number] for number in sorted(outputs)], versions


def inputs_to_check(input_shape: Sequence[int], examples: Path | None) -> list[np.ndarray]:
    """Return batches of 1 and 3 examples, and of more where more are given: any size must work.

    Args:
        input_shape: of one example.
        examples: a ``.npy`` file of examples as the model takes them, (n, *input_shape); the
            first 64 are used. ``None`` makes four at random, the same each time.

    Raises:
        ExportError: the file cannot be read, or its examples have another shape.
    """
    import numpy as np

    if examples is None:
        rows = np.random.default_rng(0).normal(size=(4, *input_shape)).astype(np.float32)
    else:
        try:
            held = np.load(examples, mmap_mode="r", allow_pickle=False)
            if len(held) == 0 or held.shape[1:] != tuple(input_shape):
                raise ExportError(
                    f"The examples in {examples} have the shape {held.shape}; this model is"
                    f" checked with (n, {', '.join(map(str, input_shape))}), n at least 1."
                )
            rows = np.asarray(held[:MOST_EXAMPLES], np.float32)
        except ExportError:
            raise
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise ExportError(
                f"The examples in {examples} cannot be read ({error}); a .npy file of numbers,"
                " one example a row, works."
            ) from None
        if len(rows) < 4:
            rows = rows[np.arange(4) % len(rows)]
    return [batch for batch in (rows[:1], rows[1:4], rows[4:]) if len(batch)]


def own_predictions(model: keras.Model, batches: Sequence[np.ndarray]) -> list[list[np.ndarray]]:
    """Return the model's own outputs: for each batch a list of arrays, one a head."""
    import numpy as np
    import tensorflow as tf

    with tf.device("CPU:0"):  # where the fresh process predicts
        return [
            [np.asarray(output) for output in tf.nest.flatten(model(batch, training=False))]
            for batch in batches
        ]


def compare(
    expected: Sequence[Sequence[np.ndarray]],
    received: Sequence[Sequence[np.ndarray]],
    tolerance: float,
) -> tuple[float, float]:
    """Return the largest difference between predictions, and the largest allowed.

    Allowed is ``tolerance`` times the largest output of the model, for each head by itself;
    what is returned is of the head that comes nearest to it.

    Raises:
        ExportError: a difference is beyond it, with the figures, or a shape is another.
    """
    import numpy as np

    found: list[tuple[float, float]] = []
    for number, head in enumerate(zip(*expected, strict=True)):
        difference, scale = 0.0, SMALLEST_SCALE
        for batch, own in enumerate(head):
            heads = received[batch] if batch < len(received) else []
            if number >= len(heads) or len(heads) != len(expected[batch]):
                raise ExportError(
                    f"The reloaded export returned {len(heads)} outputs where the model returns"
                    f" {len(expected[batch])}, so it is not offered."
                )
            other = heads[number]
            if other.shape != own.shape:
                raise ExportError(
                    f"The reloaded export returned an output of shape {other.shape} where the"
                    f" model returns {own.shape}, so it is not offered."
                )
            difference = max(difference, _largest_difference(own, other))
            finite = np.abs(own[np.isfinite(own)])
            scale = max(scale, float(finite.max())) if finite.size else scale
        found.append((difference, tolerance * scale))
    difference, allowed = max(found, key=lambda pair: pair[0] / pair[1])
    if difference > allowed:
        raise ExportError(
            f"The reloaded export predicts otherwise than the model: by up to {difference:.3g},"
            f" where {allowed:.3g} is allowed ({tolerance:g} of the largest output). It is not"
            " offered, and nothing was kept."
        )
    return difference, allowed


def _largest_difference(own: np.ndarray, other: np.ndarray) -> float:
    import numpy as np

    same = (own == other) | (np.isnan(own) & np.isnan(other))
    with np.errstate(invalid="ignore"):
        differences: Any = np.abs(own.astype(np.float64) - other.astype(np.float64))
    differences = np.where(same, 0.0, np.where(np.isnan(differences), np.inf, differences))
    return float(differences.max()) if differences.size else 0.0
