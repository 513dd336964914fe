"""Run by a fresh Python process to prove exports: load them, predict, write the outputs down.

``python -P reload_script.py RUNTIME``, where ``RUNTIME`` is JSON: ``blocked`` (modules that
cannot be imported here; ``designer`` never can), ``imports`` (imported first, while the export
is still being made) and ``packages`` (whose versions are told). Then one line of JSON is read
from standard input:

* ``folder``: worked in;
* ``programs``: for each export ``code`` (the lines that load it and define ``predict``, and
  ``call`` where it has signatures), ``batches`` (names of arrays that ``predict`` is given one
  by one), ``calls`` (a signature's name and its inputs: names of arrays) and ``timed`` (the
  name of the array that ``predict`` is timed with, or null);
* ``inputs`` and ``outputs``: ``.npz`` files. Texts among the inputs are bytes in base 64.

After a second line, when the other process has come to rest, calls are timed.
"""

from __future__ import annotations

import base64
import importlib
import importlib.metadata
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from typing import Any

TIMED_SECONDS = 0.4
FEWEST_CALLS, MOST_CALLS = 3, 50


def main() -> None:
    """Do what the module says."""
    runtime = json.loads(sys.argv[1])
    for name in ("designer", *runtime["blocked"]):
        sys.modules[name] = None  # type: ignore[assignment]  # an import of it fails
    for name in runtime["imports"]:
        importlib.import_module(name)
    line = sys.stdin.readline()
    if not line:
        return  # the export was given up
    job = json.loads(line)
    os.chdir(job["folder"])
    import numpy as np

    arrays: dict[str, Any] = {}
    said: dict[str, Any] = {"programs": []}
    predicts = []
    with np.load(job["inputs"], allow_pickle=False) as inputs:
        for number, program in enumerate(job["programs"]):
            space: dict[str, Any] = {"__name__": "__main__"}
            exec(compile(program["code"], "<the lines that load it>", "exec"), space)
            for batch, name in enumerate(program["batches"]):
                for head, output in enumerate(space["predict"](inputs[name])):
                    arrays[f"{number} {batch} {head}"] = output
            calls = [
                {key: _telling(value) for key, value in space["call"](
                    signature, {key: _given(inputs[name]) for key, name in given.items()}
                ).items()}
                for signature, given in program["calls"]
            ]  # fmt: skip
            names = []
            for call, result in enumerate(calls):
                names.append(list(result))
                for place, output in enumerate(result.values()):
                    arrays[f"{number} call {call} {place}"] = output
            said["programs"].append({"calls": names, "told": space.get("told")})
            if program["timed"]:
                predicts.append((number, space["predict"], inputs[program["timed"]]))
    if predicts and sys.stdin.readline():
        for number, predict, one in predicts:
            said["programs"][number]["milliseconds"] = milliseconds(lambda: predict(one))  # noqa: B023
    said["versions"] = {"Python": platform.python_version(), **_versions(runtime["packages"])}
    np.savez(job["outputs"], said=np.array(json.dumps(said)), **arrays)


def milliseconds(call: Callable[[], object]) -> float:
    """Return the median time of a call, after one that does not count."""
    call()
    taken: list[float] = []
    while len(taken) < FEWEST_CALLS or (sum(taken) < TIMED_SECONDS and len(taken) < MOST_CALLS):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return 1000 * sorted(taken)[len(taken) // 2]


def _versions(packages: list[str]) -> dict[str, str]:
    """Return the versions of packages, by the names they are called by."""
    found = {}
    for package in packages:
        for name in (package, f"{package}-cpu"):
            try:
                found[package] = importlib.metadata.version(name)
                break
            except importlib.metadata.PackageNotFoundError:
                continue
    return found


def _given(array: Any) -> Any:
    """Return an input as a signature takes it: texts become the bytes they stand for."""
    if array.dtype.kind != "U":
        return array
    import numpy as np

    return np.array([base64.b64decode(text) for text in array.tolist()], object)


def _telling(array: Any) -> Any:
    """Return an output as it can be written down: bytes become text."""
    import numpy as np

    array = np.asarray(array)
    if array.dtype.kind != "O":
        return array
    texts = [text.decode() if isinstance(text, bytes) else text for text in array.reshape(-1)]
    return np.array(texts, str).reshape(array.shape)


if __name__ == "__main__":
    main()
