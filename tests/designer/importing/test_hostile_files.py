"""Files made to do harm, or made by nobody: a sentence comes back, and nothing else happens."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import time
import zipfile
from pathlib import Path
from typing import Any

import model_files as files
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.errors import DesignerError
from designer.importing import Imported, open_file
from designer.importing.limits import LARGEST_JSON
from designer.importing.looking import look


def refused(path: Path) -> str:
    """Open a file that cannot be opened, in good time (of the processor), and return why."""
    start = time.process_time()
    with pytest.raises(DesignerError) as error:
        open_file(path)
    assert time.process_time() - start < 20
    assert "\n" not in str(error.value)
    return str(error.value)


# --- anything at all --------------------------------------------------------------------------


def opened_or_refused(path: Path) -> None:
    try:
        imported = open_file(path)
    except DesignerError:
        return  # in words
    assert json.dumps(imported.to_dict())


@given(data=st.binary(max_size=300))
def test_any_bytes(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("x.json", "x.keras", "x.zip"):
        opened_or_refused(files.written(folder, data, name))
    opened_or_refused(files.written(folder, b"PK\x03\x04" + data, "y.zip"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value of a JSON file."""
    found = [path]
    inner = value.items() if isinstance(value, dict) else []
    inner = list(enumerate(value)) if isinstance(value, list) else inner
    for key, child in inner:
        found += _places(child, (*path, key))
    return found


def _with(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(value[path[0]], path[1:], other)
    return copy


FUNCTIONAL = files.functional(
    files.door(8, 8, 4),
    files.fed(files.layer("Conv2D", "conv", {"filters": 4, "kernel_size": [3, 3],
                                             "strides": [1, 1], "padding": "same"}),
              files.tensor("inputs", 8, 8, 4)),
    files.fed(files.layer("Add", "add"), files.tensor("inputs", 8, 8, 4),
              files.tensor("conv", 8, 8, 4)),
    files.fed(files.layer("BatchNormalization", "normal", {"axis": -1, "momentum": 0.99}),
              files.tensor("add", 8, 8, 4)),
    files.fed(files.layer("GlobalAveragePooling2D", "pool"), files.tensor("normal", 8, 8, 4)),
    files.fed(files.layer("Dense", "dense", {"units": 3, "activation": "softmax"}),
              files.tensor("pool", 4)),
    outputs=[["dense", 0, 0]],
    compile_config={"optimizer": {"class_name": "Adam"}, "loss": "mse", "metrics": ["accuracy"]},
)  # fmt: skip


@settings(max_examples=150)
@given(data=st.data())
def test_models_with_anything_anywhere_in_them(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    model = data.draw(st.sampled_from([FUNCTIONAL, files.PLAIN, files.ODD]))
    for _ in range(data.draw(st.integers(1, 3))):
        model = _with(model, data.draw(st.sampled_from(_places(model))), data.draw(JSON))
        if not isinstance(model, dict):
            break
    opened_or_refused(files.written(tmp_path_factory.getbasetemp(), model, "any.json"))


@settings(max_examples=60)
@given(data=st.data())
def test_archives_with_a_byte_changed(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    whole = files.packed(folder, {"config.json": files.PLAIN}, "whole.keras").read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([len(whole), place]))
    changed = (whole[:place] + bytes([byte]) + whole[place + 1 :])[:cut]
    opened_or_refused(files.written(folder, changed, "changed.keras"))


# --- code and pickles -------------------------------------------------------------------------


def test_the_code_of_a_lambda_is_neither_run_nor_decoded(tmp_path: Path) -> None:
    made = tmp_path / "made by the file"
    bomb = compile(f"open({str(made)!r}, 'w')", "x", "exec")
    import base64
    import marshal

    code = base64.b64encode(marshal.dumps(bomb)).decode()
    function = {"class_name": "__lambda__", "config": {"code": code, "defaults": None}}
    model = files.sequential(
        files.door(4), files.layer("Lambda", "trick", {"function": function, "arguments": {}})
    )
    imported = open_file(files.written(tmp_path, model))
    assert not imported.editable
    assert not made.exists()
    assert any("Lambda, not run" in note for note in imported.notes)
    assert code not in json.dumps(imported.to_dict())


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_a_pickle_is_not_opened(tmp_path: Path, protocol: int) -> None:
    class Trick:
        def __reduce__(self) -> Any:
            return (open, (str(tmp_path / "made by the file"), "w"))

    path = files.written(tmp_path, pickle.dumps(Trick(), protocol), "model.pkl")
    assert "a pickle, which can run any program" in refused(path)
    assert not (tmp_path / "made by the file").exists()


# --- archives ---------------------------------------------------------------------------------


@pytest.mark.parametrize("climbing", ["../../etc/passwd", "/etc/passwd", "a\\..\\..\\b", "C:/x"])
def test_paths_that_climb_out(tmp_path: Path, climbing: str) -> None:
    path = files.packed(tmp_path, {"config.json": files.PLAIN, climbing: "x"})
    assert "path leads out of the archive" in refused(path)


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = files.packed(tmp_path, {"config.json": b" " * 40_000_000}, compresslevel=9)
    assert path.stat().st_size < 100_000
    assert "a zip bomb" in refused(path)


def test_an_archive_that_lies_about_its_sizes(tmp_path: Path) -> None:
    data = bytearray(
        files.packed(tmp_path, {"config.json": b" " * (LARGEST_JSON + 10)}).read_bytes()
    )
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)  # what it would unpack to
    assert "model.keras" in refused(files.written(tmp_path, bytes(data), "model.keras"))


def test_a_list_of_millions_of_files(tmp_path: Path) -> None:
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, 200_000_000, 0, 0)
    path = files.written(tmp_path, b"PK\x03\x04" + b"\0" * 100 + end, "many.zip")
    assert "lists more files than any model has" in refused(path)


MANY = 200_000_000  # bytes of a list that no model has
MARK = int.from_bytes(b"PK\x05\x06", "little")


def end_of_zip(size: int, offset: int = 0, comment: int = 0) -> bytes:
    return b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, size, offset, comment)


def end_of_zip64(size: int) -> bytes:
    return b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, size, 0)


def locator(place: int) -> bytes:
    return b"PK\x06\x07" + struct.pack("<IQI", 0, place, 1)


PLAIN_END = end_of_zip(0xFFFFFFFF)
DECOY = end_of_zip64(100)


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(end_of_zip(MANY, offset=MARK), id="a place that reads as an end"),
        pytest.param(end_of_zip(MANY, comment=3) + b"abc", id="a comment"),
        pytest.param(PLAIN_END, id="a zip64 without its end"),
        pytest.param(
            DECOY + end_of_zip64(MANY) + locator(104) + PLAIN_END, id="a zip64 with a decoy"
        ),
        pytest.param(
            end_of_zip64(MANY) + DECOY + locator(104) + PLAIN_END, id="a decoy where 3.11 looks"
        ),
        pytest.param(
            end_of_zip64(MANY) + locator(2**64 - 1) + end_of_zip(100), id="a place beyond the end"
        ),
    ],
)
def test_a_list_of_millions_of_files_is_not_read_however_it_is_told(
    end: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise AssertionError("the list was read")

    monkeypatch.setattr(zipfile, "ZipFile", read)
    path = files.written(tmp_path, b"PK\x03\x04" + b"\0" * 100 + end, "many.zip")
    assert "lists more files than any model has" in refused(path)


def test_an_end_that_is_cut_short_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("the list was read"))
    path = files.written(tmp_path, b"PK\x03\x04" + end_of_zip(MANY)[:-1] + b"PK\x05\x06", "x.zip")
    assert "only a part of a zip" in refused(path)


def test_a_zip64_of_honest_size_is_opened(tmp_path: Path) -> None:
    path = files.packed(tmp_path, {"config.json": json.dumps(files.PLAIN).encode()}, "plain.keras")
    data = path.read_bytes()
    size, offset = struct.unpack("<II", data[-10:-2])
    end64 = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, size, offset)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path = files.written(tmp_path, data[:-22] + end64 + locator(len(data) - 22) + end, "64.keras")
    assert open_file(path).design is not None


def test_many_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(20_001):
            archive.writestr(str(number), b"")
    assert "20,001 files" in refused(tmp_path / "many.zip")


def test_an_archive_in_an_archive_is_left_alone(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("config.json", json.dumps(files.PLAIN))
    path = files.packed(tmp_path, {"inner.keras": inner.getvalue()}, "outer.zip")
    assert "neither design.json nor config.json" in refused(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "model.keras", "w", method) as archive:
        archive.writestr("config.json", json.dumps(files.PLAIN))
    assert "neither we nor Keras write" in refused(tmp_path / "model.keras")


# --- JSON -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"[" * 100_000, "nested too deeply"),
        (b"[" * 90 + b"]" * 90, "no design and no model"),
        (b"[" * 500 + b"]" * 500, "nested too deeply"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "nested too deeply"),
        (b" " * (LARGEST_JSON + 1), "larger than 16 MB"),
        (b"[" + b"[],".join([b""] * 3_000_000) + b"1]", "values, the most that are read"),
        (b"9" * 10_000, "not JSON (it holds a whole number of thousands of digits)"),
        (b"1e999", "too large"),
        (b"NaN", "no number"),
        (b"", "is empty. A design saved here"),
        (b" \n", "none of the files that can be opened. A design saved here"),
        (b"\xff\xfe\x00", "none of the files that can be opened"),
        (b"{\xff", "not JSON"),
        (b'{"layers": ["\\ud800"]}', "half a character"),
        (b'"\\ud83d\\ude00"', "not JSON"),
        (b"null", "no design and no model"),
    ],
)
def test_json_made_to_do_harm(tmp_path: Path, text: bytes, why: str) -> None:
    assert why in refused(files.written(tmp_path, text))


# --- models -----------------------------------------------------------------------------------


def test_a_layer_that_feeds_itself(tmp_path: Path) -> None:
    model = files.functional(
        files.door(4),
        files.fed(files.layer("Dense", "a", {"units": 2}), files.tensor("b", 2)),
        files.fed(files.layer("Dense", "b", {"units": 2}), files.tensor("a", 2)),
        outputs=[["b", 0, 0]],
    )
    assert "feeds itself" in refused(files.written(tmp_path, model))


def test_a_layer_fed_by_one_that_is_not_there(tmp_path: Path) -> None:
    model = files.functional(
        files.door(4),
        files.fed(files.layer("Dense", "a", {"units": 2}), files.tensor("ghost", 2)),
        outputs=[["a", 0, 0]],
    )
    assert "fed by 'ghost'" in refused(files.written(tmp_path, model))


def test_models_in_models_without_end(tmp_path: Path) -> None:
    model = files.sequential(files.door(4))
    for _ in range(20):
        model = files.sequential(files.door(4), {**model, "registered_name": None})
    assert "stand in one another" in refused(files.written(tmp_path, model))


def test_names_that_are_a_page(tmp_path: Path) -> None:
    evil = '<script>alert(1)</script>/../"\u202e\n'
    model = files.sequential(
        files.door(4),
        files.layer(evil, evil, {"units": 2}),
        files.layer("Dense", evil, {"units": 2, evil: "\n", "kernel_constraint": evil}),
    )
    model["config"]["name"] = evil
    imported = open_file(files.written(tmp_path, model))
    told = json.dumps(imported.to_dict(), ensure_ascii=False)
    told.encode()
    assert "<script" not in told
    assert "\u202e" not in told
    assert "/.." not in told
    assert not any("\n" in note for note in imported.notes)
    names = [layer.name for layer in imported.summary.layers]
    assert len(set(names)) == 3


@pytest.mark.parametrize("size", [0, -1, 10**30, True, 1.5, "8", None, [8], {}])
def test_sizes_that_are_none(tmp_path: Path, size: Any) -> None:
    for class_name, argument in (("Dense", "units"), ("Conv2D", "filters"), ("Conv2D", "groups")):
        config = {"units": 3, "filters": 3, "kernel_size": [3, 3], argument: size}
        model = files.sequential(files.door(8, 8, 3), files.layer(class_name, "one", config))
        imported = open_file(files.written(tmp_path, model))
        assert not imported.editable
        assert imported.summary.layers[1].params == 0


def test_a_network_of_traps_is_given_up_in_good_time(tmp_path: Path) -> None:
    """Hundreds of layers that fit many patterns a little, and none at the end."""
    layers = [files.door(32, 32, 8)]
    for number in range(300):
        filters, kernel = 2 + number % 7, [1 + number % 3] * 2
        config = {"filters": filters, "kernel_size": kernel, "padding": "same"}
        layers += [
            files.layer("Conv2D", f"c{number}", {**config, "use_bias": False}),
            files.layer("BatchNormalization", f"b{number}"),
            files.layer("ReLU", f"r{number}"),
        ]
    model = files.sequential(*layers, files.layer("Flatten", "f"), files.layer("ReLU", "end"))
    start = time.process_time()
    imported = open_file(files.written(tmp_path, model))
    assert time.process_time() - start < 60
    assert isinstance(imported, Imported)
    assert not imported.editable
    assert any("more ways to read it than are tried" in note for note in imported.notes)


def test_twenty_thousand_layers(tmp_path: Path) -> None:
    dense = {"class_name": "Dense", "config": {"units": 2}}
    model = {"layers": [dense] * 20_001, "name": "long"}
    assert "more than 20,000 layers" in refused(files.written(tmp_path, model))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "model.json")
    assert "model.json is no file but a device or a pipe" in refused(tmp_path / "model.json")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "nothing.keras")


def test_looking_has_figures_for_what_it_can_count() -> None:
    from designer.importing.keras_config import read_model

    looked = look(read_model(files.ODD))
    rows = {layer.name: layer for layer in looked.summary.layers}
    assert rows["conv"].params == 4 * 9 + 4
    assert rows["attention"].params == 0
    assert rows["attention"].output_shape == (None, 26, 26, 4)
    assert rows["outputs"].params == 26 * 26 * 4 * 10 + 10
    assert not looked.summary.complete
