"""``python -m designer import``: what a file is, as text and as JSON, and the design in it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import model_files as files
import pytest

from designer import Design
from designer.__main__ import main


def test_a_keras_file_that_is_one_of_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = files.packed(tmp_path, {"config.json": files.PLAIN})
    out = tmp_path / "design.json"
    assert main(["import", str(path), "--out", str(out)]) == 0
    text = capsys.readouterr().out
    assert "recognised as CNN, 2 groups." in text
    assert "7 layers, 9,098 parameters" in text
    design = Design.from_json(out.read_text())
    assert design.template == "cnn"
    assert main(["import", str(out)]) == 0
    assert "design.json is a design: CNN, 2 groups." in capsys.readouterr().out


def test_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = files.packed(tmp_path, {"config.json": files.PLAIN})
    assert main(["import", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == "keras model"
    assert told["editable"] is True
    assert told["template"] == "cnn"
    assert Design.from_dict(told["design"]).template == "cnn"
    assert told["summary"]["total_params"] == 9098
    assert told["not_edited"] == {}


def test_a_model_to_look_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = files.written(tmp_path, files.ODD)
    assert main(["import", str(path)]) == 0
    text = capsys.readouterr().out
    assert "at least 27,090 parameters" in text
    assert "mine>Attention2D (attention): it is no layer of Keras's own." in text
    assert main(["import", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["design"] is None
    assert told["counts_complete"] is False
    assert list(told["not_edited"]) == ["attention"]
    assert main(["import", str(path), "--out", str(tmp_path / "no.json")]) == 2
    assert "there is no design to write" in capsys.readouterr().err
    assert not (tmp_path / "no.json").exists()


@pytest.mark.parametrize("data", [b"", b"nothing", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n"])
def test_bad_files_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    path = files.written(tmp_path, data, "bad.file")
    assert main(["import", str(path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("designer: bad.file")
    assert told.err.count("\n") == 1


def test_a_place_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = files.written(tmp_path, files.PLAIN)
    assert main(["import", str(path), "--out", str(tmp_path / "no" / "where.json")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_nothing_heavy_is_loaded(tmp_path: Path) -> None:
    path = files.packed(tmp_path, {"config.json": files.PLAIN})
    code = (
        "import sys\nfrom designer.__main__ import main\n"
        f"main(['import', {str(path)!r}, '--json'])\n"
        "loaded = {'tensorflow', 'keras', 'h5py', 'pickle5', 'streamlit'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
