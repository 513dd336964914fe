"""The loader script, run by fresh processes on files that people have: no TensorFlow needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from designer.datasets.preprocessing import Preprocessing
from designer.design import Design
from tests.designer.exports.small_packages import instant_package, run_loader

TABLE = Preprocessing("none", (2,), (2,), (0.0, 0.0), (1.0, 1.0)).to_dict()
TASKS = {
    "regression": (
        {}, (1,), {"target_names": ["the price"]}, "the price = 0"
    ),
    "binary": ({}, (1,), {"class_names": [["no", 'a "yes"']]}, "no (100.0%)"),
    "multiclass": (
        {"classes": 3}, (3,), {"class_names": [["a", "b", "c\\n"]]}, "a (0.0%)"
    ),
    "multilabel": ({"classes": 2}, (2,), {"class_names": [["x", "y"]]}, "no label"),
    "multitask": (
        {"classes": [2, 3]}, (2, 3),
        {"class_names": [["a", "b"], ["c", "d", "e"]], "target_names": ["kind", "size"]},
        "kind = a (0.0%), size = c (0.0%)",
    ),
}  # fmt: skip


def table_package(folder: Path, task: str = "regression", **notes: object) -> Path:
    chosen, units, names, _ = TASKS[task]
    design = Design.from_template("dnn", task=task, input_shape=[2], **chosen)
    known = {"preprocessing": TABLE, "feature_names": ["width", "colour = red"], **names, **notes}
    return instant_package(folder, design, known, units=units)


@pytest.mark.parametrize("task", TASKS)
def test_the_outputs_of_every_task_are_told_in_words(task: str, tmp_path: Path) -> None:
    folder = table_package(tmp_path / "p", task)
    np.save(tmp_path / "zeros.npy", np.zeros((1, 2)))
    assert run_loader(folder, "../zeros.npy") == [f"zeros.npy: {TASKS[task][-1]}"]
    made_up = run_loader(folder)
    assert [line.split(":")[0] for line in made_up] == [f"made-up example {n}" for n in (1, 2, 3)]


def test_tables_are_read_by_name_or_in_order(tmp_path: Path) -> None:
    folder = table_package(tmp_path / "p")
    (tmp_path / "by name.csv").write_text("id;colour;width\n7;red;1,5\n8;blue;2\n", "utf-8-sig")
    (tmp_path / "numbers.csv").write_text("colour = red,width\n1,3\n")
    (tmp_path / "in order.csv").write_text("1,2\n3,4\n\n")
    told = run_loader(folder, *(f"../{n}.csv" for n in ("by name", "numbers", "in order")))
    assert told == [
        "by name.csv 1: the price = 0",
        "by name.csv 2: the price = 0",
        "numbers.csv: the price = 0",
        "in order.csv 1: the price = 0",
        "in order.csv 2: the price = 0",
    ]
    # What the rows become, from the script itself.
    space: dict = {"__name__": "load", "__file__": str(folder / "load.py")}
    exec((folder / "load.py").read_text(), space)
    assert space["read"](tmp_path / "by name.csv").tolist() == [[1.5, 1.0], [2.0, 0.0]]
    assert space["read"](tmp_path / "numbers.csv").tolist() == [[3.0, 1.0]]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nothing.csv", "", "is empty"),
        ("head.csv", "width,colour\n", "no row below its header"),
        ("lacks.csv", "width\n1\n", "lacks the column colour = red; it has width"),
        ("text.csv", "width,colour\nwide,red\n", "row 1, column width: 'wide' is no number"),
        ("short.csv", "width,colour\n1,red\n2\n", "row 2 has 1 values; 2 work"),
        ("three.csv", "1,2,3\n", "has 3 columns and no header; 2 work"),
        ("nan.csv", "1,nan\n2,3\n", "lacks the column"),
        ("shape.npy", np.zeros((3, 4)), r"has the shape \(3, 4\); \(n, 2\) works"),
        ("words.npy", np.array(["a"]), "is no array of numbers"),
        ("gaps.npy", np.array([[1.0, np.nan]]), "missing or infinite"),
        ("broken.npy", "no array", "cannot be read"),
        ("picture.png", "x", "files that end in .npy or .csv work"),
        ("there is none.npy", None, "there is no file"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(
    name: str, content: object, words: str, tmp_path: Path
) -> None:
    folder = table_package(tmp_path)
    if isinstance(content, np.ndarray):
        np.save(tmp_path / name, content)
    elif content is not None:
        (tmp_path / name).write_text(str(content))
    space: dict = {"__name__": "load", "__file__": str(folder / "load.py")}
    exec((folder / "load.py").read_text(), space)
    with pytest.raises(SystemExit, match=words) as stopped:
        space["read"](tmp_path / name)
    assert str(stopped.value).startswith("load.py: ")
    assert "\n" not in str(stopped.value)


def test_a_line_for_what_is_wrong_and_no_traceback(tmp_path: Path) -> None:
    folder = table_package(tmp_path / "p")
    (line,) = run_loader(folder, "missing.csv", status=1)
    assert line.startswith("load.py: there is no file ")
    (folder / "instant.txt").unlink()
    (line,) = run_loader(folder, status=1)
    assert line.startswith("load.py: the model cannot be loaded: ")


@pytest.mark.parametrize(("channels", "mode"), [(1, "RGBA"), (3, "L"), (3, "P")])
def test_pictures_of_any_size_and_colour_become_examples(
    channels: int, mode: str, tmp_path: Path
) -> None:
    raw = (6, 4, channels)
    preprocessing = Preprocessing(
        "normalise", raw, raw, (0.0,) * channels, (16.0,) * channels
    ).to_dict()
    design = Design.from_template("image_dnn", input_shape=list(raw), classes=3)
    folder = instant_package(
        tmp_path / "p",
        design,
        {"preprocessing": preprocessing},
        units=(3,),
        record={"data": {"pixel_range": [0, 16]}},
    )
    Image.new(mode, (40, 30), 255 if mode in "LP" else (255, 255, 255, 0)).save(tmp_path / "w.png")
    (tmp_path / "none.png").write_bytes(b"no picture")
    space: dict = {"__name__": "load", "__file__": str(folder / "load.py")}
    exec((folder / "load.py").read_text(), space)
    read = space["read"](tmp_path / "w.png")
    assert read.shape == (1, *raw)
    if mode != "P":
        assert read.min() == read.max() == 16, "white is the largest value of a pixel"
    with pytest.raises(SystemExit, match=r"none\.png is no picture that can be read"):
        space["read"](tmp_path / "none.png")
    assert space["made_up"]().shape == (3, *raw)
    assert 0 <= space["made_up"]().min() <= space["made_up"]().max() <= 16
    assert "pillow==" in (folder / "requirements.txt").read_text()


def test_an_untrained_model_of_pictures_takes_arrays(tmp_path: Path) -> None:
    design = Design.from_template("image_dnn", input_shape=[6, 4], classes=3)
    folder = instant_package(tmp_path / "p", design, units=(3,), trained=False)
    assert len(run_loader(folder)) == 3
    (line,) = run_loader(folder, "instant.txt", status=1)
    assert line == "load.py: instant.txt: files that end in .npy work"
    assert "pillow" not in (folder / "requirements.txt").read_text()
