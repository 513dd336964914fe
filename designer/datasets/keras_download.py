"""The data sets that Keras downloads: in a process of their own, with limits on the wait.

Without a network Keras fails at once or, where the network is silent, hangs for minutes. So
its loader never runs in the process that asks. Files that Keras has downloaded before
(``~/.keras/datasets``) are used without a network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np

from designer.datasets.cache import RawArrays
from designer.datasets.catalogue import CATALOGUE, DatasetInfo
from designer.datasets.keras_child import ARRAYS, PROBLEM, REACHED
from designer.errors import DatasetError

ANSWER_SECONDS = 10.0
"""How long a server may be silent before we say that there is no network."""

_START_SECONDS = 5.0  # what a busy machine may take to start Python

_CHILD = (sys.executable, "-P", "-m", "designer.datasets.keras_child")
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]
_KERAS_FILES = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


class KerasFiles(NamedTuple):
    """Where Keras gets a data set and where it keeps it, below ``~/.keras/datasets``."""

    address: str
    kept: tuple[str, ...]


FILES = {
    "mnist": KerasFiles(_KERAS_FILES + "mnist.npz", ("mnist.npz",)),
    "fashion_mnist": KerasFiles(
        _KERAS_FILES + "train-labels-idx1-ubyte.gz",
        (
            "fashion-mnist/train-labels-idx1-ubyte.gz",
            "fashion-mnist/train-images-idx3-ubyte.gz",
            "fashion-mnist/t10k-labels-idx1-ubyte.gz",
            "fashion-mnist/t10k-images-idx3-ubyte.gz",
        ),
    ),
    "cifar10": KerasFiles(
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        ("cifar-10-batches-py-target_archive",),
    ),
    "california_housing": KerasFiles(
        _KERAS_FILES + "california_housing.npz", ("california_housing.npz",)
    ),
}


def keras_folder() -> Path:
    """Return where Keras keeps what it downloads on this machine."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "datasets"


def is_downloaded(name: str) -> bool:
    """Say whether Keras has this data set on this machine already."""
    return all((keras_folder() / file).exists() for file in FILES[name].kept)


def fetch(
    info: DatasetInfo,
    *,
    timeout: float,
    answer_within: float = ANSWER_SECONDS,
    child: Sequence[str] = _CHILD,
) -> RawArrays:
    """Download a data set through Keras and return the training and test parts as one.

    Args:
        info: the entry; its name is Keras's.
        timeout: seconds for the whole download.
        answer_within: seconds for the server to answer at all.
        child: the command that downloads (see ``keras_child``).

    Returns:
        images uint8 (n, height, width, channels) or a table float32 (n, columns), and
        targets (n, 1).

    Raises:
        DatasetError: no network, a server that fails, or not done in time.
    """
    here = is_downloaded(info.name)
    answer_within = min(answer_within, timeout)
    with tempfile.TemporaryDirectory(prefix="download-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        command = [
            *child, info.name, "" if here else FILES[info.name].address, place, str(answer_within)
        ]  # fmt: skip
        with open(folder / "errors.txt", "wb") as errors:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=_environment(folder, here),
            )
            try:
                late = _wait(process, folder / REACHED, answer_within, timeout)
            finally:
                process.kill()  # nothing to do where it has ended
                process.wait()
        if late:
            raise _failure(info, late)
        if not (folder / ARRAYS).exists():
            raise _failure(info, _reason(folder, process.returncode))
        with np.load(folder / ARRAYS, allow_pickle=False) as file:
            return _convert(info, file["features"], file["targets"])


def _environment(folder: Path, here: bool) -> dict[str, str]:
    """Return the child's environment.

    A download goes to a folder of its own: one that is cut must not leave half a file in
    Keras's, where Fashion-MNIST, which has no checksum, would stay broken for good.
    """
    known = os.environ.get("PYTHONPATH")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(_PACKAGE_ROOT), *([known] if known else [])]),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
    if not here:
        environment["KERAS_HOME"] = str(folder / "keras")
        (folder / "keras").mkdir()
    return environment


def _wait(
    process: subprocess.Popen[bytes], reached: Path, answer_within: float, timeout: float
) -> str:
    """Wait for the child to end; return what it was late with, or ""."""
    start = time.monotonic()
    while True:
        try:
            process.wait(0.05)
            return ""
        except subprocess.TimeoutExpired:
            waited = time.monotonic() - start
        # The child ends itself when a server is silent; a name that is never resolved, or a
        # child that hangs, is ended here.
        if waited > min(answer_within + _START_SECONDS, timeout) and not reached.exists():
            return f"no answer within {waited:.0f} s"
        if waited > timeout:
            return f"not done within {timeout:g} s"


def _reason(folder: Path, status: int) -> str:
    """Return why the child failed, in its own words where it left any."""
    if (folder / PROBLEM).exists():
        return (folder / PROBLEM).read_text(encoding="utf-8").strip().splitlines()[-1]
    lines = (folder / "errors.txt").read_text(encoding="utf-8", errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "no message")
    return f"its process ended with status {status}: {last}"


def _failure(info: DatasetInfo, reason: str) -> DatasetError:
    """Return the error that says what happened and what would work."""
    embedded = ", ".join(
        other.name
        for other in CATALOGUE.values()
        if other.embedded and other.kind == info.kind and info.tasks[0].task in other.task_names
    )
    host = urlsplit(FILES[info.name].address).hostname
    return DatasetError(
        f"The data set {info.name} could not be downloaded from {host}: {reason}. "
        f"It needs a network the first time ({info.download_mb:g} MB). "
        f"Without one, use a data set that is installed already ({embedded}), or copy "
        f"{', '.join(FILES[info.name].kept)} from another machine into {keras_folder()}."
    )


def _convert(info: DatasetInfo, features: np.ndarray, targets: np.ndarray) -> RawArrays:
    """Return Keras's arrays in the form of the catalogue."""
    column = targets.reshape(len(targets), -1)
    if info.kind == "image":
        pictures = features.reshape(len(features), *info.raw_shape)
        return RawArrays(pictures.astype(np.uint8), column.astype(np.int64))
    if info.name == "california_housing":
        _check_california(features)
        column = column / 100_000  # from dollars, in which a squared error is astronomical
    return RawArrays(features.astype(np.float32), column.astype(np.float32))


def _check_california(features: np.ndarray) -> None:
    """Check that the columns are in the order that the catalogue names.

    Raises:
        DatasetError: they are not.
    """
    longitude, latitude, _age, rooms, bedrooms, population, households, income = features.T
    in_order = (
        ((longitude > -125) & (longitude < -114)).all()
        and ((latitude > 32) & (latitude < 42.1)).all()
        and (bedrooms <= rooms).mean() > 0.99
        and households.mean() < population.mean()
        and income.max() < 20
    )
    if not in_order:
        raise DatasetError(
            "The columns of california_housing are not in the order that the catalogue names "
            "(longitude, latitude, age, rooms, bedrooms, population, households, income): "
            "Keras has changed its file. Use diabetes, or an earlier version of Keras."
        )
