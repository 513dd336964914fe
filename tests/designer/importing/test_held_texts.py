"""Designs and layers that stand beside weights in HDF5 and ONNX files."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path

import h5py
import model_files as files
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer import Design
from designer.errors import DesignError
from designer.importing import held_texts, open_file
from designer.importing.limits import LARGEST_JSON

DESIGN = Design.from_template("cnn", input_shape=[28, 28, 1])


def hdf5(path: Path, write: Callable[[h5py.File], None]) -> Path:
    with h5py.File(path, "w") as file:
        for number in range(50):  # as the weights of a model, with heaps before and after them
            file[f"layers/{number}"] = np.full(3000, number, np.float32)
            file[f"layers/{number}"].attrs["name"] = f"layer {number}"
        write(file)
    return path


def onnx(*texts: bytes) -> bytes:
    """Return what ``ModelProto.metadata_props`` is written as, behind a graph."""
    model = b"\x08\x0a\x12\x0apytorch..." + bytes(1000)
    for text in texts:
        size, length = len(text), b""
        while size > 127:
            length += bytes([size & 127 | 128])
            size >>= 7
        model += b"\x72\x05\x0a\x06design\x12" + length + bytes([size]) + text
    return model


def test_a_design_beside_weights_is_opened(tmp_path: Path) -> None:
    path = hdf5(tmp_path / "m.weights.h5", lambda file: file.update(a=1))
    with pytest.raises(DesignError, match="of weights alone"):
        open_file(path)
    with h5py.File(path, "a") as file:
        file["design.json"] = DESIGN.to_json()
    imported = open_file(path)
    assert (imported.kind, imported.design) == ("package", DESIGN)


@pytest.mark.parametrize("write", [json.dumps, lambda model: json.dumps(model).encode()])
def test_the_layers_of_a_model_that_keras_saved_are_seen(
    tmp_path: Path, write: Callable[[object], str | bytes]
) -> None:
    def saved(file: h5py.File) -> None:
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["training_config"] = write({"loss": "mse", "class_name": "no model"})
        file.attrs["model_config"] = write(files.PLAIN)

    imported = open_file(hdf5(tmp_path / "theirs.h5", saved))
    other = open_file(files.written(tmp_path, files.PLAIN))
    assert imported.kind == other.kind == "keras model"
    assert imported.looked == other.looked


@pytest.mark.keras
def test_a_whole_model_of_keras_opens_as_its_json_does(tmp_path: Path) -> None:
    import keras

    model = keras.applications.MobileNetV2((64, 64, 3), weights=None, classes=7)
    model.compile("sgd", "categorical_crossentropy", ["accuracy"])
    model.save(tmp_path / "whole.h5")
    model.save_weights(tmp_path / "alone.weights.h5")
    imported = open_file(tmp_path / "whole.h5")
    other = open_file(files.written(tmp_path, model.to_json().encode()))
    assert imported.design == other.design
    assert imported.design is not None
    with pytest.raises(DesignError, match="of weights alone"):
        open_file(tmp_path / "alone.weights.h5")


def test_a_design_of_other_layers_than_the_weights_is_told(tmp_path: Path) -> None:
    def both(file: h5py.File) -> None:
        file["model_config"] = json.dumps(files.PLAIN)
        file["design.json"] = DESIGN.to_json()

    imported = open_file(hdf5(tmp_path / "m.h5", both))
    assert imported.design != DESIGN
    assert "is of another network than its model_config" in imported.notes[0]


def test_the_design_of_an_onnx_file_is_opened(tmp_path: Path) -> None:
    text = DESIGN.to_json().encode()
    for model in (onnx(text), onnx(b"another's", text), onnx(text) + b"\x72\x02\x0a\x00"):
        assert open_file(files.written(tmp_path, model, "m.onnx")).design == DESIGN
    for model in (onnx(), onnx(b"another's"), onnx(text)[:-1000], onnx(b"{}")):
        with pytest.raises(DesignError, match=r"operations and no layers|holds no design"):
            open_file(files.written(tmp_path, model, "m.onnx"))


# --- files made to do harm --------------------------------------------------------------------


def heap(*objects: tuple[int, int, bytes], size: int = 0) -> bytes:
    body = b"".join(
        index.to_bytes(2, "little") + bytes(6) + length.to_bytes(8, "little") + data
        for index, length, data in objects
    )
    return b"GCOL\x01\0\0\0" + (size or 16 + len(body)).to_bytes(8, "little") + body


@pytest.mark.parametrize(
    "data",
    [
        heap((1, 2**63, b'{"class_name"')),
        heap((1, 13, b'{"class_name"'), size=2**64 - 1),
        heap((1, 0, b"")) * 3,
        heap(size=1),
        b"GCOL" * 100_000,
        b"GCO",
        b"G" * 5_000_000 + b"COL",
    ],
    ids=["text", "heap", "nothing in it", "small", "many", "cut", "long"],
)
def test_sizes_that_lie_lead_nowhere(tmp_path: Path, data: bytes) -> None:
    path = files.written(tmp_path, held_texts.HDF5 + data, "m.h5")
    start = time.process_time()
    with pytest.raises(DesignError):
        open_file(path)
    assert time.process_time() - start < 20


def test_endless_texts_are_not_followed(tmp_path: Path) -> None:
    data = heap(*[(1, 0, b"")] * 1_000_000)
    assert held_texts.in_hdf5(files.written(tmp_path, held_texts.HDF5 + data, "m.h5")) == {}


def test_a_text_too_large_is_not_read(tmp_path: Path) -> None:
    text = DESIGN.to_json().encode() + b" " * LARGEST_JSON
    data = heap((1, len(text), text))
    assert held_texts.in_hdf5(files.written(tmp_path, held_texts.HDF5 + data, "m.h5")) == {}


def test_a_heap_across_two_pieces_is_found(tmp_path: Path) -> None:
    text = DESIGN.to_json().encode()
    for before in range(4_194_304 - 16, 4_194_304 + 4):
        data = held_texts.HDF5 + bytes(before - 8) + heap((1, len(text), text))
        assert held_texts.in_hdf5(files.written(tmp_path, data, "m.h5")) == {"design.json": text}


@settings(max_examples=60)
@given(data=st.data())
def test_files_with_a_byte_changed(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = DESIGN.to_json().encode()
    whole, name = data.draw(
        st.sampled_from([
            (held_texts.HDF5 + heap((1, len(text), text)), "m.h5"),
            (onnx(text)[-len(text) - 30 :], "m.onnx"),
        ])
    )  # fmt: skip
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:place] + bytes([data.draw(st.integers(0, 255))]) + whole[place + 1 :]
    with contextlib.suppress(DesignError):  # in words
        open_file(files.written(tmp_path_factory.getbasetemp(), changed, name))
