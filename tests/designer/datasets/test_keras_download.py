"""Downloads: what happens without a network, with a silent one, and with a good one."""

from __future__ import annotations

import gzip
import os
import socket
import sys
import time
from functools import partial

import numpy as np
import pytest

from designer.datasets import CATALOGUE, is_ready, keras_download, load
from designer.datasets.keras_download import FILES, KerasFiles, fetch, is_downloaded
from designer.errors import DatasetError

WITH_NETWORK = [info.name for info in CATALOGUE.values() if not info.embedded]


@pytest.fixture(autouse=True)
def _no_network(fresh_home, monkeypatch):
    """Every address is one that cannot exist, so the tests are the same on any machine."""
    for name, files in FILES.items():
        monkeypatch.setitem(FILES, name, KerasFiles(f"https://{name}.invalid/data.npz", files.kept))


def child(tmp_path, code):
    """A stand-in for the process that downloads; ``folder`` is where it answers."""
    script = tmp_path / "child.py"
    script.write_text(
        "import sys, time, pathlib\n"
        "name, address, folder, seconds = sys.argv[1:]\n"
        "folder = pathlib.Path(folder)\n" + code
    )
    return [sys.executable, str(script)]


@pytest.mark.parametrize("name", WITH_NETWORK)
def test_without_a_network_the_answer_is_quick_and_in_words(name):
    start = time.monotonic()
    with pytest.raises(DatasetError) as caught:
        load(name)
    assert time.monotonic() - start < 10
    message = str(caught.value)
    assert f"{name} could not be downloaded from" in message
    assert "needs a network the first time" in message
    assert ("mnist_5k" if CATALOGUE[name].kind == "image" else "diabetes") in message
    assert FILES[name].kept[0] in message
    assert "urlopen" not in message
    assert not is_ready(name)


def test_a_silent_server_is_cut(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setitem(
            FILES, "mnist", KerasFiles(f"http://127.0.0.1:{port}/x", ("mnist.npz",))
        )
        start = time.monotonic()
        with pytest.raises(DatasetError, match=r"127\.0\.0\.1: .*timed out"):
            fetch(CATALOGUE["mnist"], timeout=60, answer_within=0.5)
        assert time.monotonic() - start < 5


def test_a_hanging_name_look_up_is_cut(tmp_path):
    start = time.monotonic()
    with pytest.raises(DatasetError, match="no answer within 1 s"):
        fetch(CATALOGUE["mnist"], timeout=1, child=child(tmp_path, "time.sleep(60)"))
    assert time.monotonic() - start < 5


def test_a_hanging_download_is_cut_and_its_process_ended(tmp_path):
    note = tmp_path / "pid"
    code = (
        f"import os; pathlib.Path({str(note)!r}).write_text(str(os.getpid()))\n"
        "(folder / 'reached').touch(); time.sleep(60)"
    )
    with pytest.raises(DatasetError, match=r"not done within 1\.5 s"):
        fetch(CATALOGUE["mnist"], timeout=1.5, child=child(tmp_path, code))
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def test_a_child_that_dies_is_told(tmp_path):
    with pytest.raises(DatasetError, match=r"status 1: RuntimeError: out of luck"):
        fetch(
            CATALOGUE["mnist"],
            timeout=20,
            child=child(tmp_path, "raise RuntimeError('out of luck')"),
        )


def test_a_download_is_kept_and_the_network_not_asked_again(tmp_path, monkeypatch):
    code = (
        "import numpy as np\n"
        "x = np.tile(np.arange(8, dtype=np.float32), (20640, 1))\n"
        "x[:, 0], x[:, 1], x[:, 3], x[:, 4] = -118.0, 34.0, 900.0, 100.0\n"
        "x[:, 5], x[:, 6] = 300.0, 90.0\n"
        "np.savez(folder / 'arrays.npz', features=x, targets=np.full(20640, 250000.0))\n"
    )
    downloading = partial(fetch, child=child(tmp_path, code))
    monkeypatch.setattr(keras_download, "fetch", downloading)
    dataset = load("california_housing")
    assert dataset.features.dtype == np.float32
    np.testing.assert_allclose(dataset.labels[:2], [[2.5], [2.5]])
    assert is_ready("california_housing")
    monkeypatch.setattr(keras_download, "fetch", None)
    assert len(load("california_housing")) == 20640


def test_columns_in_another_order_are_refused():
    features = np.tile(np.arange(8, dtype=np.float32), (10, 1))
    with pytest.raises(DatasetError, match="not in the order"):
        keras_download._convert(CATALOGUE["california_housing"], features, np.ones(10))


def test_colour_pictures_and_their_column_of_labels():
    arrays = keras_download._convert(
        CATALOGUE["cifar10"], np.zeros((4, 32, 32, 3), np.uint8), np.ones((4, 1), np.uint8)
    )
    assert arrays.features.shape == (4, 32, 32, 3)
    assert arrays.targets.tolist() == [[1], [1], [1], [1]]
    assert arrays.targets.dtype == np.int64


@pytest.mark.keras
def test_what_keras_has_already_is_used_without_a_network(tmp_path):
    """The real child with the real Keras; Fashion-MNIST has no checksum, so ours will do."""
    folder = tmp_path / "keras" / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    for part, count in (("train", 3), ("t10k", 2)):
        pictures = bytes(16) + bytes(range(count)) * 784
        with gzip.open(folder / f"{part}-images-idx3-ubyte.gz", "wb") as file:
            file.write(pictures)
        with gzip.open(folder / f"{part}-labels-idx1-ubyte.gz", "wb") as file:
            file.write(bytes(8) + bytes(range(count)))
    assert is_downloaded("fashion_mnist")
    arrays = fetch(CATALOGUE["fashion_mnist"], timeout=120)
    assert arrays.features.shape == (5, 28, 28, 1)
    assert arrays.targets[:, 0].tolist() == [0, 1, 2, 0, 1]
