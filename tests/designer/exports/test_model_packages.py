"""Packages of real runs: all that lies in them is used as somebody would who has nothing else."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from PIL import Image

from designer.datasets import load
from designer.datasets.own import owner_of_user
from designer.design import Design
from designer.paths import home, run_folder
from designer.training import RunStore
from tests.designer.exports.small_packages import (
    OF_TASK,
    instant_package,
    package_of,
    run_loader,
    run_of,
    unpacked,
)

pytestmark = pytest.mark.keras

FILES = {
    "README.md",
    "SHA256SUMS",
    "design.json",
    "drawing.svg",
    "load.py",
    "record.json",
    "requirements.txt",
}


@cache
def iris() -> tuple[Path, Path]:
    """Return a package of a run on iris, as a SavedModel, and where it is unpacked."""
    package = package_of("multiclass", "package")
    return package, unpacked(package)


@cache
def digits() -> Path:
    return unpacked(package_of("pictures", "keras"))


def labels_of(lines: list[str]) -> list[str]:
    return [line.split(": ")[1].split(" (")[0] for line in lines]


def kept_model(kind: str):
    import keras

    return keras.models.load_model(run_folder(run_of(kind).id) / "model.keras")


def test_a_package_holds_all_that_belongs_to_a_model() -> None:
    _, folder = iris()
    assert {path.name for path in folder.iterdir()} == FILES | {"saved_model"}
    assert {path.name for path in digits().iterdir()} == FILES | {"model.keras"}


def test_the_checksums_are_those_of_sha256sum() -> None:
    for folder in (iris()[1], digits()):
        done = subprocess.run(
            ["sha256sum", "--check", "--strict", "SHA256SUMS"],
            cwd=folder, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert len(done.stdout.splitlines()) == len(files) - 1


@pytest.mark.parametrize("made", ["saved_model", "keras"])
def test_the_requirements_are_what_is_here(made: str) -> None:
    folder = iris()[1] if made == "saved_model" else digits()
    lines = (folder / "requirements.txt").read_text().splitlines()
    wanted = [Requirement(line) for line in lines if not line.startswith("#")]
    here = [one for one in wanted if one.marker is None or one.marker.evaluate()]
    for one in here:
        assert str(one.specifier) == f"=={importlib.metadata.version(one.name)}"
    names = {one.name.removesuffix("-cpu") for one in here}
    usual = {"tensorflow", "numpy"}
    assert names == (usual if made == "saved_model" else usual | {"keras", "pillow"})


def test_the_loader_predicts_tables_as_the_model_does() -> None:
    _, folder = iris()
    raw = load("iris").features[::10]
    np.save(folder.parent / "rows.npy", raw)
    names = load("iris").view.feature_names
    header = ",".join(reversed(names))
    rows = "\n".join(",".join(map(str, row[::-1])) for row in raw)
    (folder.parent / "rows.csv").write_text(f"{header}\n{rows}\n")
    told = run_loader(folder, "../rows.npy", "../rows.csv")
    space: dict = {"__name__": "load", "__file__": str(folder / "load.py")}
    exec((folder / "load.py").read_text(), space)
    probabilities = np.asarray(kept_model("multiclass")(space["prepare"](raw)))
    expected = [load("iris").view.heads[0][place] for place in probabilities.argmax(axis=1)]
    assert labels_of(told) == expected * 2
    assert told[0].endswith(f"({probabilities[0].max():.1%})")


def test_the_loader_predicts_pictures_as_the_model_does() -> None:
    folder = digits()
    raw = load("digits").features[:4]
    np.save(folder.parent / "raw.npy", raw)
    for number, picture in enumerate(raw):
        # 0 to 16 as a file holds it, 0 to 255, and as the loader brings it back.
        pixels = np.round(picture[..., 0] * (255 / 16)).astype(np.uint8)
        Image.fromarray(pixels).save(folder.parent / f"{number}.png")
    told = run_loader(folder, "../raw.npy", *(f"../{number}.png" for number in range(4)))
    probabilities = np.asarray(kept_model("pictures")(raw.reshape(4, 8, 8).astype("float32") / 16))
    expected = [str(place) for place in probabilities.argmax(axis=1)]
    assert labels_of(told) == expected * 2


def test_the_card_tells_where_the_model_comes_from() -> None:
    text = (iris()[1] / "README.md").read_text()
    run = run_of("multiclass")
    for words in (
        "as TensorFlow SavedModel.",
        "](drawing.svg)",
        "R. A. Fisher (1936)",
        "CC BY 4.0",
        "150, of which 106 to train, 22 to validate and 22 to test; split with the seed 5",
        "Each column minus its mean",
        "| `epochs` | 2 | 10 |",
        "| `seed` | 5 | 0 |",
        f"| loss | {run.metrics['loss']:.4g} | {run.metrics['val_loss']:.4g} |",
        "The largest difference from the model itself was",
        "| Keras model |",
        "| TensorFlow SavedModel |",
        "- Hidden layers: 10, 10",
        f"tensorflow {run.versions['tensorflow']}",
        "tensorflow/serving",
        "- Made: ",
    ):
        assert words in text, words
    assert "<svg" in (iris()[1] / "drawing.svg").read_text()


def test_an_untrained_package_has_no_data_no_settings_and_no_figures(tmp_path: Path) -> None:
    design = Design.from_template("dnn")
    folder = instant_package(tmp_path, design, trained=False, record={"settings": {"dataset": 1}})
    text = (folder / "README.md").read_text()
    assert "It is untrained" in text
    for section in ("## The data", "## How it was trained", "## Figures"):
        assert section not in text
    record = json.loads((folder / "record.json").read_text())
    assert record["trained"] is False
    assert record["training"] is None


def test_nothing_is_told_of_the_machine_or_the_person() -> None:
    secrets = (
        str(home()),
        f"{Path.home()}/",
        str(Path.cwd()),
        owner_of_user(),
    )
    for folder in (iris()[1], digits()):
        for path in folder.rglob("*"):
            if not path.is_file():
                continue
            content = path.read_bytes()
            for secret in secrets:
                assert secret.encode() not in content, f"{secret} in {path.name}"


def test_the_record_keeps_what_is_needed_to_train_again() -> None:
    record = json.loads((iris()[1] / "record.json").read_text())
    run = run_of("multiclass")
    assert (record["format"], record["version"]) == ("model-designer-record", 1)
    assert record["design"] == run.design
    training = record["training"]
    assert training["settings"] == run.settings
    assert training["metrics"] == run.metrics
    assert training["data"]["name"] == "iris"
    assert training["data"]["fingerprint"].startswith("sha256:")
    store = RunStore()
    points = store.metrics(run.id, kind="epoch")
    store.close()
    assert training["epochs"] == [{"epoch": point.epoch, **point.values} for point in points]
    assert record["model"]["largest_difference"] <= record["model"]["allowed_difference"]


def test_two_packages_of_a_run_differ_in_dates_and_times_alone() -> None:
    first, second = zipfile.ZipFile(iris()[0]), zipfile.ZipFile(package_of("multiclass", "package"))
    assert first.namelist() == second.namelist()
    different = {name for name in first.namelist() if first.read(name) != second.read(name)}
    assert different <= {"README.md", "record.json", "SHA256SUMS"}
    timed = re.compile(r"^- Made: .*|\| [\d.]+ ms \||\"made\": .*|\"milliseconds\": .*", re.M)
    for name in ("README.md", "record.json"):
        texts = [timed.sub("", archive.read(name).decode()) for archive in (first, second)]
        assert texts[0] == texts[1]


def test_the_commands_of_saved_model_cli_run_as_they_stand() -> None:
    folder = iris()[1]
    text = (folder / "README.md").read_text()
    (block,) = [one for one in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "_cli run" in one]
    run = block[block.index("saved_model_cli run") :]
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-ec", run], cwd=folder, env={**os.environ, "PATH": tools},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert re.search(r"Result for output key label:\n\[b'(setosa|versicolor|virginica)'\]",
                     done.stdout)  # fmt: skip
    body = re.search(r"-d '(\{\"instances\".*\})'", text)
    assert body is not None
    assert np.shape(json.loads(body[1])["instances"]) == (1, 4)


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", OF_TASK)
@pytest.mark.parametrize("format", ["saved_model", "keras", "weights", "litert"])
def test_packages_of_every_task_load_and_predict(kind: str, format: str) -> None:
    folder = unpacked(package_of(kind, format))
    told = run_loader(folder)
    assert len(told) == 3
    assert all(re.fullmatch(r"made-up example \d: .+", line) for line in told)


@pytest.mark.exhaustive
def test_the_card_s_commands_run_for_pictures() -> None:
    folder = unpacked(package_of("pictures"))
    text = (folder / "README.md").read_text()
    (block,) = [one for one in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "_cli run" in one]
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-ec", block], cwd=folder, env={**os.environ, "PATH": tools},
        capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "encoded_pictures" in text
    assert "Result for output key label:" in done.stdout


@pytest.mark.exhaustive
@pytest.mark.parametrize("made", ["saved_model", "keras", "weights", "litert", "onnx"])
def test_an_environment_with_the_requirements_alone_runs_the_loader(
    made: str, tmp_path: Path
) -> None:
    folder = unpacked(package_of("pictures", made))
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*install, "-r", "requirements.txt"],
        cwd=folder, capture_output=True, text=True, timeout=1200,
    )  # fmt: skip
    if done.returncode and "No matching distribution" not in done.stderr:
        pytest.skip(f"nothing can be installed here: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr[-2000:]
    Image.new("L", (20, 20), 200).save(tmp_path / "one.png")
    environment = {"PATH": os.environ["PATH"]}
    for arguments, lines in (((), 3), ((str(tmp_path / "one.png"),), 1)):
        done = subprocess.run(
            [str(python), "load.py", *arguments],
            cwd=folder, env=environment, capture_output=True, text=True, timeout=240,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        assert len(done.stdout.splitlines()) == lines
