"""What runs in the process that downloads a data set through Keras, and only there.

The process that asks may be cut off or hang in the network; the one that waits for it never
is. They talk through files in a folder: ``REACHED`` when the server has answered,
``PROBLEM`` with a sentence when it failed, ``ARRAYS`` with the data at the end.
"""

from __future__ import annotations

import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path

REACHED, PROBLEM, ARRAYS = "reached", "problem.txt", "arrays.npz"


def reach(address: str, seconds: float) -> None:
    """Ask the server for the head of a file; any answer of it will do.

    Raises:
        OSError: there is no answer.
    """
    request = urllib.request.Request(address, method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=seconds):
            pass
    except urllib.error.HTTPError:
        pass  # a refusal is an answer: Keras will say what it cannot get


def download(name: str, folder: Path) -> None:
    """Load a data set with Keras and keep both its parts in one file."""
    import numpy as np
    from keras import config, datasets

    config.set_image_data_format("channels_last")
    parts = getattr(datasets, name).load_data()
    features = np.concatenate([part[0] for part in parts])
    targets = np.concatenate([part[1] for part in parts])
    unfinished = folder / ("part-" + ARRAYS)
    np.savez(unfinished, features=features, targets=targets)
    unfinished.rename(folder / ARRAYS)


def in_words(error: BaseException) -> str:
    """Return what an error says, without the wrapping that urllib puts around it."""
    reason = getattr(error, "reason", None)
    if isinstance(reason, BaseException):
        error = reason
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def main(name: str, address: str, folder: str, seconds: str) -> int:
    """Reach the server, download, and return the exit status.

    Args:
        name: the data set's name in ``keras.datasets``.
        address: a file to ask for first; "" where everything is on this machine already.
        folder: where to put the answers.
        seconds: how long the server may be silent.
    """
    place = Path(folder)
    # Keras downloads with urllib and no limit of its own: this one ends a silent connection.
    socket.setdefaulttimeout(float(seconds))
    try:
        if address:
            reach(address, float(seconds))
        (place / REACHED).touch()
        download(name, place)
    except Exception as error:
        (place / PROBLEM).write_text(in_words(error), encoding="utf-8")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
