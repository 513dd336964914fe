"""The loader script, run by fresh processes on files that people have: no TensorFlow needed."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from designer.datasets.own.dialects import guess_dialect
from designer.datasets.own.table_encoding import ColumnEncoding, TableEncoding
from designer.datasets.preprocessing import Preprocessing
from designer.design import Design
from designer.errors import DatasetError
from designer.exports.notes import ExportNotes
from designer.exports.table_columns import with_encoding
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


def test_of_two_runtimes_the_one_that_is_asked_for_is_missing(tmp_path: Path) -> None:
    folder = table_package(tmp_path / "p")
    script, numpy = folder / "load.py", "    import numpy as np\n\n    units"
    either = "    try:\n        import small\n    except ImportError:\n        import large\n"
    script.write_text(script.read_text().replace(numpy, either + numpy))
    (line,) = run_loader(folder, status=1)
    assert line.startswith("load.py: small is missing. Install it: python -m pip install")


@pytest.mark.parametrize("task", TASKS)
def test_the_outputs_of_every_task_are_told_in_words(task: str, tmp_path: Path) -> None:
    folder = table_package(tmp_path / "p", task)
    np.save(tmp_path / "zeros.npy", np.zeros((1, 2)))
    assert run_loader(folder, "../zeros.npy") == [f"zeros.npy: {TASKS[task][-1]}"]
    made_up = run_loader(folder)
    assert [line.split(":")[0] for line in made_up] == [f"made-up example {n}" for n in (1, 2, 3)]


def test_tables_are_read_by_name_or_in_order(tmp_path: Path) -> None:
    folder = table_package(tmp_path / "p")
    (tmp_path / "by name.csv").write_text("id;colour;width\n7;red;1,5\n8;red;2\n", "utf-8-sig")
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
    assert space["read"](tmp_path / "by name.csv").tolist() == [[1.5, 1.0], [2.0, 1.0]]
    assert space["read"](tmp_path / "numbers.csv").tolist() == [[3.0, 1.0]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_tables_are_read_in_whatever_encoding_training_takes(encoding: str, tmp_path: Path) -> None:
    folder = table_package(tmp_path, feature_names=["Größe", "Straße = Köln"])
    path = tmp_path / "table.csv"
    path.write_text("Straße;Größe\nKöln;1,5\n", encoding)
    space: dict = {"__name__": "load", "__file__": str(folder / "load.py")}
    exec((folder / "load.py").read_text("utf-8"), space)
    assert space["read"](path).tolist() == [[1.5, 1.0]]
    assert guess_dialect(path).encoding == encoding


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nothing.csv", "", "is empty"),
        ("head.csv", "width,colour\n", "no row below its header"),
        ("lacks.csv", "width\n1\n", "lacks the column colour; it has width"),
        ("text.csv", "width,colour\nwide,red\n", "row 1, column width: 'wide' is no number"),
        ("short.csv", "width,colour\n1,red\n2\n", "row 2 has 1 values; 2 work"),
        ("three.csv", "1,2,3\n", "has 3 columns and no header; 2 work"),
        ("nan.csv", "1,nan\n2,3\n", "row 1, column colour = red: 'nan' is a missing value"),
        ("shape.npy", np.zeros((3, 4)), r"has the shape \(3, 4\); \(n, 2\) works"),
        ("words.npy", np.array(["a"]), "is no array of numbers"),
        ("gaps.npy", np.array([[1.0, np.nan]]), "has missing values"),
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


ENCODING = TableEncoding(
    (
        ColumnEncoding("born", 0, "date", date_format="%d.%m.%Y"),
        ColumnEncoding("colour", 2, "category", ("blue", "red\nor so", "(missing)")),
        ColumnEncoding("width", 1, "number"),
        ColumnEncoding("size", 3, "number", fill=2.5),
    ),
    (ColumnEncoding("price", 4, "number"),),
    decimal=",",
)
"""How the table of a training became numbers."""


def encoded_package(
    folder: Path, encoding: TableEncoding = ENCODING, *, fill: bool = True, knows: bool = True
) -> dict:
    """Return what the loader script of a model of such a table defines."""
    width = len(encoding.feature_names)
    scaling = Preprocessing(
        "none", (width,), (width,), (0.0,) * width, (1.0,) * width, (7.0,) * width if fill else None
    )
    notes = {
        "preprocessing": scaling.to_dict(),
        "feature_names": list(encoding.feature_names),
        "encoding": encoding.to_dict() if knows else None,
    }
    design = Design.from_template("dnn", task="regression", input_shape=[width])
    return script_of(instant_package(folder, design, notes))


def script_of(folder: Path) -> dict:
    space: dict = {"__name__": "load", "__file__": str(folder / "load.py")}
    exec((folder / "load.py").read_text(), space)
    return space


def test_the_rows_of_a_table_become_what_they_became_in_training(tmp_path: Path) -> None:
    script = encoded_package(tmp_path / "p")
    rows = [
        {"width": "1,5", "born": "03.02.2001", "colour": "blue", "size": "1.234,5"},
        {"width": "NA", "born": "", "colour": "red\nor so", "size": "-"},
        {"width": "1.5", "born": "31.12.1969", "colour": "n/a", "size": "1e3"},
    ]
    for mark in ",;\t|":
        with (tmp_path / "rows.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, [*rows[0], "id"], delimiter=mark)
            writer.writeheader()
            writer.writerows({**row, "id": ""} for row in rows)
        expected = [ENCODING.encode_one(row) for row in rows]
        np.testing.assert_array_equal(
            np.float32(script["read"](tmp_path / "rows.csv")), expected, repr(mark)
        )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"colour": "green"}, "row 1, column colour: 'green' is none of its values in training"),
        ({"born": "2001-02-03"}, "column born: '2001-02-03' is no date as in training .%d.%m.%Y"),
        ({"width": "1_000"}, "column width: '1_000' is no number .its decimal mark is ','"),
        ({"width": "inf"}, "column width: 'inf' is no number"),
    ],
)
def test_what_training_would_refuse_is_refused(changed: dict, words: str, tmp_path: Path) -> None:
    script = encoded_package(tmp_path / "p")
    row = {"width": "1", "born": "03.02.2001", "colour": "blue", "size": "1", **changed}
    with pytest.raises(DatasetError):
        ENCODING.encode_one(row)
    (tmp_path / "row.csv").write_text("\t".join(row) + "\n" + "\t".join(row.values()))
    with pytest.raises(SystemExit, match=words):
        script["read"](tmp_path / "row.csv")


def test_a_gap_is_taken_where_the_training_filled_it(tmp_path: Path) -> None:
    np.save(tmp_path / "gap.npy", np.full((2, 6), np.nan))
    np.save(tmp_path / "endless.npy", np.full((2, 6), np.inf))
    (tmp_path / "first.csv").write_text("NA,1,0,0,4,5\n1,1,0,0,,?\n")
    fills, fills_not = encoded_package(tmp_path / "p"), encoded_package(tmp_path / "q", fill=False)
    assert (fills["prepare"](fills["read"](tmp_path / "gap.npy")) == 7).all()
    read = fills["prepare"](fills["read"](tmp_path / "first.csv"))
    assert read.tolist() == [[7, 1, 0, 0, 4, 5], [1, 1, 0, 0, 7, 2.5]]
    with pytest.raises(SystemExit, match="infinite"):
        fills["read"](tmp_path / "endless.npy")
    for name in ("gap.npy", "first.csv"):
        with pytest.raises(SystemExit, match="missing value"):
            fills_not["read"](tmp_path / name)


def test_of_a_table_of_which_only_names_are_known_days_are_asked_for(tmp_path: Path) -> None:
    script = encoded_package(tmp_path / "p", knows=False)
    head = "born (days since 1970);colour;width;size"
    (tmp_path / "days.csv").write_text(f"{head}\n11000;n/a;1,5;2\n")
    assert script["read"](tmp_path / "days.csv").tolist() == [[11000, 0, 0, 1, 1.5, 2]]
    (tmp_path / "dates.csv").write_text("born;colour;width;size\n03.02.2001;blue;1;2\n")
    with pytest.raises(SystemExit, match="the days from 1970-01-01 to a date as a number; it has"):
        script["read"](tmp_path / "dates.csv")
    (tmp_path / "green.csv").write_text(f"{head}\n11000;green;1;2\n")
    with pytest.raises(SystemExit, match="'green' is none of its values"):
        script["read"](tmp_path / "green.csv")


def test_how_a_persons_table_became_numbers_is_told_to_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = {"own-abc": {"encoding": ENCODING.to_dict()}, "own-other": {"encoding": None}}
    monkeypatch.setattr("designer.datasets.own.description", kept.__getitem__)
    notes = ExportNotes(feature_names=ENCODING.feature_names)
    data = {"name": "own-abc", "own": {"choices": {}}}
    assert with_encoding(notes, {"data": data}).encoding == ENCODING
    assert with_encoding(notes, {"data": {"name": "own-abc"}}) == notes
    assert with_encoding(notes, {"data": {**data, "name": "own-other"}}) == notes
    assert with_encoding(ExportNotes(), {"data": data}) == ExportNotes()
    assert with_encoding(notes, None) == notes


def test_columns_are_called_what_they_were_called_in_training(tmp_path: Path) -> None:
    columns = tuple(
        ColumnEncoding(name, place, "number")
        for place, name in enumerate(["the width", "column 2", "the width (2)", "w" * 80])
    )
    encoding = TableEncoding(columns, (ColumnEncoding("y", 4, "number"),))
    script = encoded_package(tmp_path / "p", encoding)
    (tmp_path / "a.csv").write_text(f'"the\nwidth",,the  width,{"w" * 90},y\n1,2,3,4,5\n')
    assert script["read"](tmp_path / "a.csv").tolist() == [[1, 2, 3, 4]]


def test_a_table_without_names_is_read_where_the_training_had_none_either(tmp_path: Path) -> None:
    columns = (
        ColumnEncoding("column 3", 2, "number"),
        ColumnEncoding("column 2", 1, "category", ("a", "b")),
    )
    encoding = TableEncoding(columns, (ColumnEncoding("column 1", 0, "number"),))
    script = encoded_package(tmp_path / "p", encoding)
    (tmp_path / "as in training.csv").write_text("9,b,1\n9,a,?\n")
    np.testing.assert_array_equal(
        script["read"](tmp_path / "as in training.csv"), [[1, 0, 1], [np.nan, 1, 0]]
    )
    (tmp_path / "numbers.csv").write_text("4,0,1\n")
    with pytest.raises(SystemExit, match="column column 2: '0' is none of its values"):
        script["read"](tmp_path / "numbers.csv")
