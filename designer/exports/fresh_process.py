"""A Python process that was not there before: it loads an export and says what it predicts."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from designer.errors import ExportError
from designer.exports import reload_script
from designer.exports.base import Runtime

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Program:
    """What the process is to do with one export.

    Attributes:
        code: the lines that load it and define ``predict``, and ``call`` if there are calls.
        batches: float32 arrays (examples, …), each predicted as one batch.
        calls: the name of a signature, and its inputs by name; lists of bytes are taken too.
        timed: one example, as a batch, that ``predict`` is timed with.
    """

    code: str
    batches: Sequence[np.ndarray] = ()
    calls: Sequence[tuple[str, Mapping[str, Any]]] = ()
    timed: np.ndarray | None = None


@dataclass(frozen=True)
class Told:
    """What the process says of one export.

    Attributes:
        outputs: for each batch a list of arrays, one a head.
        calls: for each call its outputs by name; bytes come back as text.
        milliseconds: the median time of one example; 0 where it was not asked for.
        told: what the code left in its variable ``told``.
    """

    outputs: list[list[np.ndarray]]
    calls: list[dict[str, np.ndarray]]
    milliseconds: float
    told: Any


class FreshProcess:
    """A Python process that loads exports and predicts with them.

    It imports its runtime from the moment it is made, so make it before the export is written;
    then :meth:`ask` it once, do something else meanwhile, and take the :meth:`answer`. Leaving
    its context ends it. It predicts on the processor, so that a graphics card that is in use
    is not asked for more memory.

    Args:
        runtime: what is there, and what is not.
    """

    def __init__(self, runtime: Runtime) -> None:
        environment = dict(os.environ)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # TensorFlow imports 3 times faster
        environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        environment["CUDA_VISIBLE_DEVICES"] = "-1"
        told = {
            "imports": list(runtime.imports),
            "blocked": list(runtime.blocked),
            "packages": list(runtime.packages),
        }
        self.runtime = runtime
        self._process = subprocess.Popen(
            [sys.executable, "-P", reload_script.__file__, json.dumps(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self._outputs = Path()
        self._programs: Sequence[Program] = ()

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

    def ask(self, folder: Path, programs: Sequence[Program], workspace: Path) -> None:
        """Have it load exports and predict; returns at once.

        Args:
            folder: where the lines are run.
            programs: one for each export.
            workspace: a folder for what goes to and fro.
        """
        import numpy as np

        self._programs = programs
        self._outputs = (workspace / "outputs.npz").resolve()
        inputs = (workspace / "inputs.npz").resolve()
        arrays: dict[str, np.ndarray] = {}
        names: dict[int, str] = {}  # several exports are asked the same

        def named(given: Any) -> str:
            if id(given) not in names:
                names[id(given)] = f"array{len(names)}"
                arrays[names[id(given)]] = _written(given)
            return names[id(given)]

        asked = [
            {
                "code": program.code,
                "batches": [named(batch) for batch in program.batches],
                "calls": [
                    [signature, {key: named(value) for key, value in given.items()}]
                    for signature, given in program.calls
                ],
                "timed": None if program.timed is None else named(program.timed),
            }
            for program in programs
        ]
        np.savez(inputs, **arrays)  # type: ignore[arg-type]
        job = {
            "folder": str(folder.resolve()),
            "programs": asked,
            "inputs": str(inputs),
            "outputs": str(self._outputs),
        }
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it ended: the answer says how
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()

    def answer(self, seconds: float) -> tuple[list[Told], dict[str, str]]:
        """Return what it says of each export, and the versions of what it ran with.

        From now on it times calls: ask for nothing else meanwhile.

        Raises:
            ExportError: it did not load an export, or not in time.
        """
        import numpy as np

        try:
            _, errors = self._process.communicate(b"\n", timeout=seconds)
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
        with np.load(self._outputs, allow_pickle=False) as arrays:
            said = json.loads(str(arrays["said"]))
            told = []
            for number, known in enumerate(said["programs"]):
                outputs: list[list[np.ndarray]] = [[] for _ in self._programs[number].batches]
                for name in arrays.files:  # written batch by batch, head by head
                    first, _, rest = name.partition(" ")
                    if first == str(number) and not rest.startswith("call"):
                        outputs[int(rest.split(" ")[0])].append(arrays[name])
                calls = [
                    {key: arrays[f"{number} call {call} {place}"] for place, key in enumerate(keys)}
                    for call, keys in enumerate(known["calls"])
                ]
                told.append(Told(outputs, calls, known.get("milliseconds", 0.0), known["told"]))
        return told, said["versions"]


def _written(given: Any) -> np.ndarray:
    """Return an input as it is written down: bytes in base 64."""
    import numpy as np

    if isinstance(given, list):
        return np.array([base64.b64encode(one).decode() for one in given])
    return np.asarray(given)


def in_words(runtime: Runtime, versions: Mapping[str, str]) -> str:
    """Return what ran, as "a fresh Python process with tensorflow 2.21.0, without keras"."""
    present = [f"{name} {versions[name]}" for name in runtime.packages if name in versions]
    words = "a fresh Python process"
    if present:
        words += f" with {_listed(present)}"
    if runtime.blocked:
        words += f", without {_listed(runtime.blocked, 'or')}"
    return words


def _listed(words: Sequence[str], last: str = "and") -> str:
    *others, final = words
    return f"{', '.join(others)} {last} {final}" if others else final
