"""Files that come in: designs, packages, Keras's files and JSON of either version."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import model_files as files
import pytest

from designer import Design
from designer.errors import DesignError
from designer.exports import format_named
from designer.importing import open_file
from designer.importing.arguments import penalty_of
from designer.migrating import migrated
from designer.regularizers import L2
from designer.summary import summarize
from designer.templates import templates

# --- designs ----------------------------------------------------------------------------------

#: What each of the first version's files was counted as, when it was written.
COUNTS = {
    "cnn": 8_402_618,
    "composable": 82_186,
    "dnn": 261,
    "image_dnn": 669_706,
    "resnet101": 44_707_176,
    "resnet152": 60_419_944,
    "resnet18": 11_437_928,
    "resnet34": 21_542_376,
    "resnet50": 25_636_712,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
}


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_files_of_the_first_version_are_the_network_they_were(name: str) -> None:
    imported = open_file(files.FIXTURES / "version_1" / f"{name}.json")
    assert imported.kind == "design"
    assert imported.design is not None
    assert imported.design.template == name
    assert summarize(imported.design).total_params == COUNTS[name]


def test_every_version_that_ever_was_has_its_files() -> None:
    from designer.design import FILE_VERSION

    kept = {folder.name for folder in files.FIXTURES.iterdir() if folder.is_dir()}
    assert kept >= {f"version_{number}" for number in range(1, FILE_VERSION + 1)}
    first = {path.stem for path in (files.FIXTURES / "version_1").glob("*.json")}
    assert first == set(COUNTS)


def test_an_earlier_version_goes_through_every_step_to_the_newest() -> None:
    def first(data: dict[str, Any]) -> dict[str, Any]:
        data["parameters"]["units"] = data["parameters"].pop("nodes")
        return data

    def second(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "template": data["template"].lower()}

    old = {"version": 1, "template": "DNN", "parameters": {"nodes": 3}}
    steps = {1: first, 2: second}
    assert migrated({**old, "parameters": {"nodes": 3}}, 1, 3, steps) == {
        "version": 3, "template": "dnn", "parameters": {"units": 3},
    }  # fmt: skip
    assert migrated({**old, "version": 2}, 2, 3, steps)["parameters"] == {"nodes": 3}
    newest = {"version": 3, "template": "dnn"}
    assert migrated(newest, 3, 3, steps) is newest


def test_a_step_is_taken_wherever_a_design_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    import designer.design as design_module

    def step(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "template": data["template"].removeprefix("old_")}

    def to_two(data: Any, version: int, newest: int) -> Any:
        return migrated(data, version, newest, {1: step})

    monkeypatch.setattr(design_module, "FILE_VERSION", 2)
    monkeypatch.setattr(design_module, "migrated", to_two)
    assert Design.from_dict({"version": 1, "template": "old_dnn"}).template == "dnn"
    with pytest.raises(DesignError, match="old_dnn"):
        Design.from_dict({"version": 2, "template": "old_dnn"})


@pytest.mark.parametrize("name", list(templates()))
def test_export_and_open_gives_the_same_design(name: str, tmp_path: Path) -> None:
    design = Design.from_template(name)
    path = files.written(tmp_path, design.to_json().encode())
    assert open_file(path).design == design


def test_a_file_of_a_newer_version_says_so(tmp_path: Path) -> None:
    path = files.written(tmp_path, {"template": "dnn", "version": 99})
    with pytest.raises(DesignError, match=r"model.json: version: .* newer Model Designer"):
        open_file(path)


def test_a_design_that_cannot_be_built_opens_and_says_why(tmp_path: Path) -> None:
    design = Design.from_template("cnn", input_shape=[4, 4, 1], groups=[{"filters": 8}] * 6)
    imported = open_file(files.written(tmp_path, design.to_dict()))
    assert imported.design == design
    assert "cannot be built as it stands" in imported.notes[0]


def test_a_shelf_says_where_it_is_opened(tmp_path: Path) -> None:
    shelf = {"format": "model-designer-shelf", "version": 1, "designs": [{}, {}]}
    with pytest.raises(DesignError, match=r"2 designs .* My designs"):
        open_file(files.written(tmp_path, shelf))


# --- packages ---------------------------------------------------------------------------------


def test_a_package_is_its_design(tmp_path: Path) -> None:
    design = Design.from_template("cnn", classes=7)
    members = {"design.json": design.to_json(), "README.md": "x", "saved_model.pb": b"\x08"}
    imported = open_file(files.packed(tmp_path, members, "package.zip"))
    assert imported.kind == "package"
    assert imported.design == design


def test_a_package_packed_once_more_in_its_folder(tmp_path: Path) -> None:
    design = Design.from_template("dnn")
    path = files.packed(tmp_path, {"mine/design.json": design.to_json()}, "again.zip")
    assert open_file(path).design == design


def test_the_folder_of_an_unpacked_package(tmp_path: Path) -> None:
    design = Design.from_template("dnn", hidden=[7])
    with zipfile.ZipFile(
        files.packed(tmp_path, {"design.json": design.to_json()}, "package.zip")
    ) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert open_file(tmp_path / "unpacked").design == design
    shutil.rmtree(tmp_path / "unpacked")
    (tmp_path / "unpacked").mkdir()
    with pytest.raises(DesignError, match="so there is no design"):
        open_file(tmp_path / "unpacked")


def test_a_keras_file_of_ours_is_its_design_and_compared(tmp_path: Path) -> None:
    design = Design.from_template(
        "cnn", input_shape=[28, 28, 1], strides=1, groups=[{"filters": 8}, {"filters": 16}],
        hidden=[], classes=10, optimizer="sgd",
    )  # fmt: skip
    members = {"config.json": files.PLAIN, "design.json": design.to_json()}
    imported = open_file(files.packed(tmp_path, members))
    assert imported.design == design
    assert "was compared" in imported.notes[0]


def test_a_design_that_is_not_its_models_is_told(tmp_path: Path) -> None:
    other = Design.from_template("dnn")
    members = {"config.json": files.PLAIN, "design.json": other.to_json()}
    imported = open_file(files.packed(tmp_path, members))
    assert imported.design is not None
    assert imported.design.template == "cnn"
    assert "another network than its config.json" in imported.notes[0]


# --- models of Keras --------------------------------------------------------------------------


def test_a_model_that_is_one_of_ours_becomes_it(tmp_path: Path) -> None:
    imported = open_file(files.packed(tmp_path, {"config.json": files.PLAIN}))
    assert imported.kind == "keras model"
    assert imported.design is not None
    assert imported.design == Design.from_template(
        "cnn", input_shape=[28, 28, 1], strides=1, groups=[{"filters": 8}, {"filters": 16}],
        hidden=[], classes=10,
    )  # fmt: skip
    assert imported.sentence == (
        "model.keras is a Keras model of 7 layers, recognised as CNN, 2 groups."
    )


@pytest.mark.parametrize("how", ["bare", "twice", "tensorflow.js", "list"])
def test_the_same_model_written_in_other_ways(tmp_path: Path, how: str) -> None:
    data: Any = {
        "bare": files.PLAIN["config"],
        "twice": json.dumps(files.PLAIN),
        "tensorflow.js": {"modelTopology": {"keras_version": "2.2", "model_config": files.PLAIN}},
        "list": {**files.PLAIN, "config": files.PLAIN["config"]["layers"]},
    }[how]
    imported = open_file(files.written(tmp_path, data))
    assert imported.design is not None
    assert imported.design.template == "cnn"


def test_loss_optimizer_and_metric_come_along(tmp_path: Path) -> None:
    compiled = {
        "optimizer": {"class_name": "AdamW", "config": {"learning_rate": 0.1}},
        "loss": {"class_name": "SparseCategoricalCrossentropy", "config": {}},
        "metrics": [["sparse_top_k_categorical_accuracy"]],
    }
    imported = open_file(files.written(tmp_path, {**files.PLAIN, "compile_config": compiled}))
    assert imported.design is not None
    chosen = {name: imported.design[name] for name in ("optimizer", "loss", "metric")}
    assert chosen == {
        "optimizer": "adamw",
        "loss": "sparse_categorical_crossentropy",
        "metric": "top_5_accuracy",
    }


def test_what_a_design_has_no_word_for_is_told(tmp_path: Path) -> None:
    compiled = {"optimizer": {"class_name": "Ftrl"}, "loss": "mse", "metrics": ["auc"]}
    model = json.loads(json.dumps({**files.PLAIN, "compile_config": compiled}))
    conv = model["config"]["layers"][1]["config"]
    conv["kernel_initializer"] = {"class_name": "HeNormal", "config": {}}
    imported = open_file(files.written(tmp_path, model))
    assert imported.design is not None
    assert imported.design["loss"] == "mse"
    notes = " ".join(imported.notes)
    assert "metric, optimizer (ftrl)" in notes
    assert "HeNormal" in notes


def test_layers_that_a_design_says_by_an_argument(tmp_path: Path) -> None:
    model = files.sequential(
        files.door(8, 8, 1),
        files.layer("Conv2D", "c", {"filters": 4, "kernel_size": 3, "padding": "same"}),
        files.layer("Activation", "a", {"activation": "relu"}),
        files.layer("ZeroPadding2D", "z", {"padding": [[0, 1], [0, 1]]}),
        files.layer("Conv2D", "d", {"filters": 4, "kernel_size": 3, "strides": 2}),
        files.layer("ReLU", "b"),
        files.layer("Flatten", "f"),
        files.layer("Dense", "o", {"units": 3}),
        files.layer("Activation", "s", {"activation": "softmax"}),
    )
    imported = open_file(files.written(tmp_path, model))
    assert imported.design is not None
    assert len(imported.summary.layers) == 5
    notes = " ".join(imported.notes)
    assert "3 activation layers" in notes
    assert "1 border of zeros" in notes


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kernel_regularizer": {"class_name": "L1", "config": {"l1": 0.01}}}, "(L1)"),
        ({"kernel_regularizer": {"class_name": "L2", "config": {"l2": 7}}}, "(L2)"),
        ({"bias_regularizer": {"class_name": "L2", "config": {"l2": 0.01}}}, "(L2)"),
        ({"kernel_constraint": {"class_name": "MaxNorm"}}, "kernel_constraint (MaxNorm)"),
        ({"trainable": False}, "weights are frozen"),
        ({"dtype": "mixed_float16"}, "computes in mixed_float16"),
        ({"dtype": {"class_name": "DTypePolicy", "config": {"name": "bfloat16"}}}, "bfloat16"),
        ({"dilation_rate": [2, 2]}, "its dilation_rate is [2, 2]"),
        ({"data_format": "channels_first"}, "channels_first"),
        ({"activation": {"class_name": "LeakyReLU", "config": {}}}, "an activation of its own"),
        ({"kernel_size": [3, 3, 3]}, "its kernel_size is [3, 3, 3]"),
        ({"new_argument": 3}, "its argument new_argument is 3"),
    ],
)
def test_what_no_design_has_makes_a_model_one_to_look_at(
    tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    model = json.loads(json.dumps(files.PLAIN))
    model["config"]["layers"][3]["config"] |= change
    imported = open_file(files.written(tmp_path, model))
    assert imported.design is None
    assert any(why in note for note in imported.notes), imported.notes
    assert imported.to_dict()["not_edited"].keys() == {"c2"}
    assert "1 of them is in no design of ours" in imported.sentence


def test_a_notebook_and_a_litert_file_of_ours_hold_their_design(tmp_path: Path) -> None:
    design = Design.from_template("cnn", input_shape=[28, 28, 1])
    cells = format_named("notebook").text(summarize(design))  # type: ignore[attr-defined]
    assert open_file(files.written(tmp_path, cells.encode(), "cnn.ipynb")).design == design

    path = files.written(tmp_path, b"\x1c\0\0\0TFL3" + b"\0" * 200, "cnn.tflite")
    with pytest.raises(DesignError, match="is a LiteRT model, which holds operations"):
        open_file(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:  # as we write it
        archive.writestr("design.json", design.to_json())
    assert open_file(path).design == design


@pytest.mark.parametrize(
    ("name", "start", "told"),
    [
        ("m.weights.h5", b"\x89HDF\r\n\x1a\n", "weights alone, which does not say of which layers"),
        ("m.onnx", b"\x08\x08\x12\x0a", "only those exported here have their design in them"),
    ],
)
def test_of_weights_without_layers_it_is_told_what_is_missing(
    tmp_path: Path, name: str, start: bytes, told: str
) -> None:
    with pytest.raises(DesignError, match=told):
        open_file(files.written(tmp_path, start + b"\0" * 50, name))


@pytest.mark.parametrize(
    ("name", "start", "told"),
    [
        ("cnn.py", b"import keras\n", "is Python code, and no code is run to open a file"),
        ("cnn.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is a drawing, not the model"),
        ("saved_model.pb", b"\x08\x01\x12\x0a", "open the zip or the folder it came in"),
        ("notes.txt", b"a model", "is none of the files that can be opened. A design saved"),
    ],
)
def test_of_other_files_that_come_with_a_model_it_is_told_what_works(
    tmp_path: Path, name: str, start: bytes, told: str
) -> None:
    with pytest.raises(DesignError) as error:
        open_file(files.written(tmp_path, start, name))
    assert str(error.value).startswith(name)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (0.0005000000237487257, 0.0005),  # as Keras 2 writes 0.0005
        (9.999999747378752e-05, 0.0001),
        (0.0123456789012345, 0.0123456789012345),  # of 64 bits, as it is
        (0.0625, 0.0625),
        (1e-300, 1e-300),
    ],
)
def test_a_penalty_is_the_number_that_was_written(given: float, kept: float) -> None:
    assert penalty_of({"class_name": "L2", "config": {"l2": given}}) == L2(kept)


@pytest.mark.parametrize("kind", ["L2", "L1L2"])
def test_one_penalty_on_all_weights_is_a_designs_own(tmp_path: Path, kind: str) -> None:
    model = json.loads(json.dumps(files.PLAIN))
    penalty = {"class_name": kind, "config": {"l1": 0.0, "l2": 0.001}}
    for place in (1, 3, 6):
        model["config"]["layers"][place]["config"]["kernel_regularizer"] = penalty
    imported = open_file(files.written(tmp_path, model))
    assert imported.design is not None
    assert imported.design["l2"] == 0.001
    del model["config"]["layers"][3]["config"]["kernel_regularizer"]
    imported = open_file(files.written(tmp_path, model))
    assert imported.design is None
    assert any("different penalties" in note for note in imported.notes)


def test_a_known_network_in_no_order_of_ours(tmp_path: Path) -> None:
    model = files.sequential(
        files.door(4),
        files.layer("Dense", "a", {"units": 2}),
        files.layer("Dropout", "b", {"rate": 0.5}),
    )
    imported = open_file(files.written(tmp_path, model))
    assert imported.design is None
    assert imported.summary.total_params == 10
    assert "no template of ours" in imported.sentence


def test_the_first_strange_layer_is_named(tmp_path: Path) -> None:
    layers = [*files.PLAIN["config"]["layers"][:5], files.layer("ReLU", "odd_one")]
    imported = open_file(files.written(tmp_path, files.sequential(*layers)))
    assert imported.design is None
    assert imported.notes[0] == "Up to odd_one it reads as one of ours; none goes on as it does."


def test_shared_weights_are_counted_once(tmp_path: Path) -> None:
    twice = files.fed(files.layer("Dense", "d", {"units": 4}), files.tensor("inputs", 4))
    twice = files.fed(twice, files.tensor("d", 4))
    model = files.functional(files.door(4), twice, outputs=[["d", 1, 0]])
    imported = open_file(files.written(tmp_path, model))
    assert imported.design is None
    assert imported.summary.total_params == 4 * 4 + 4
    assert any("shares the weights of d" in note for note in imported.notes)


def test_models_inside_are_opened(tmp_path: Path) -> None:
    base = {**files.sequential(*files.PLAIN["config"]["layers"][:5]), "registered_name": None}
    base["config"]["name"] = "base"
    model = files.sequential(files.door(28, 28, 1), base, *files.PLAIN["config"]["layers"][5:])
    imported = open_file(files.written(tmp_path, model))
    assert imported.design is not None
    assert imported.design.template == "cnn"
    assert "(base) are opened" in imported.notes[0]


def test_the_task_of_a_network_that_squeezes_and_excites_is_behind_its_last_maps(
    tmp_path: Path,
) -> None:
    def on(name: str, *shape: int) -> Any:
        return files.tensor(name, 8, 8, 4) if not shape else files.tensor(name, *shape)

    model = files.functional(
        files.door(8, 8, 4),
        files.fed(files.layer("Conv2D", "conv", {"filters": 4, "kernel_size": 1}), on("inputs")),
        files.fed(files.layer("GlobalAveragePooling2D", "squeeze"), on("conv")),
        files.fed(files.layer("Reshape", "reshape", {"target_shape": [1, 1, 4]}), on("squeeze", 4)),
        files.fed(
            files.layer("Conv2D", "excite", {"filters": 4, "kernel_size": 1}),
            on("reshape", 1, 1, 4),
        ),
        files.fed(files.layer("Multiply", "scale"), on("conv"), on("excite", 1, 1, 4)),
        files.fed(files.layer("MyOwn", "own", registered_name="mine>MyOwn"), on("scale")),
        files.fed(files.layer("Conv2D", "last", {"filters": 4, "kernel_size": 1}), on("own")),
        files.fed(files.layer("GlobalAveragePooling2D", "pool"), on("last")),
        files.fed(files.layer("Dense", "answers", {"units": 3}), on("pool", 4)),
        outputs=[["answers", 0, 0]],
    )
    looked = open_file(files.written(tmp_path, model)).looked
    assert looked is not None
    places = {layer.name: layer.path.split("/")[0] for layer in looked.summary.layers}
    assert [name for name, place in places.items() if place == "task"] == ["pool", "answers"]
    assert places["squeeze"] == places["excite"] == places["scale"] == "learner"


def test_an_open_size_has_no_figures_and_breaks_nothing(tmp_path: Path) -> None:
    model = json.loads(json.dumps(files.PLAIN))
    model["config"]["layers"][0]["config"]["batch_shape"] = [None, None, None, 1]
    imported = open_file(files.written(tmp_path, model))
    assert imported.design is None
    assert not imported.to_dict()["counts_complete"]


def test_an_operation_on_tensors_is_no_layer_of_its_name(tmp_path: Path) -> None:
    add = {**files.layer("Add", "add"), "module": "keras.src.ops.numpy"}
    dense = files.fed(files.layer("Dense", "d", {"units": 4}), files.tensor("inputs", 4))
    model = files.functional(
        files.door(4),
        dense,
        files.fed(add, files.tensor("d", 4), files.tensor("inputs", 4)),
        outputs=[["add", 0, 0]],
    )
    imported = open_file(files.written(tmp_path, model))
    assert imported.design is None
    assert list(imported.to_dict()["not_edited"]) == ["add"]


def test_a_model_whose_layers_are_in_code(tmp_path: Path) -> None:
    model = {"class_name": "MyModel", "module": "__main__", "config": {"width": 3}}
    with pytest.raises(DesignError, match="'MyModel', whose layers are not in the file"):
        open_file(files.written(tmp_path, model))


# --- Keras 2 ----------------------------------------------------------------------------------


def keras_2(class_name: str, name: str, config: dict[str, Any], *feeds: str) -> dict[str, Any]:
    """Return a layer as Keras 2 writes it."""
    whole = {"name": name, "trainable": True, "dtype": "float32", **config}
    nodes = [[[feed, 0, 0, {}] for feed in feeds]] if feeds else []
    return {"class_name": class_name, "name": name, "config": whole, "inbound_nodes": nodes}


def test_a_functional_model_of_keras_2(tmp_path: Path) -> None:
    conv = {
        "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "activation": "linear",
        "data_format": "channels_last", "dilation_rate": [1, 1], "groups": 1, "use_bias": True,
        "kernel_initializer": {"class_name": "VarianceScaling", "config": {
            "scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None}},
        "kernel_regularizer": None,
    }  # fmt: skip
    normal = {"axis": [3], "momentum": 0.99, "epsilon": 0.001, "center": True, "scale": True}
    layers = [
        keras_2("InputLayer", "input_1", {"batch_input_shape": [None, 16, 16, 8], "sparse": False}),
        keras_2("Conv2D", "c1", {**conv, "filters": 8}, "input_1"),
        keras_2("BatchNormalization", "b1", normal, "c1"),
        keras_2("Activation", "a1", {"activation": "relu"}, "b1"),
        keras_2("Conv2D", "c2", {**conv, "filters": 8}, "a1"),
        keras_2("BatchNormalization", "b2", normal, "c2"),
        keras_2("Add", "add", {}, "b2", "input_1"),
        keras_2("Activation", "a2", {"activation": "relu"}, "add"),
        keras_2("GlobalAveragePooling2D", "g", {"data_format": "channels_last"}, "a2"),
        keras_2("Dense", "d", {"units": 5, "activation": "softmax"}, "g"),
    ]
    config = {
        "name": "model_1", "layers": layers,
        "input_layers": [["input_1", 0, 0]], "output_layers": [["d", 0, 0]],
    }  # fmt: skip
    model = {"class_name": "Model", "config": config, "keras_version": "2.4.0"}
    imported = open_file(files.written(tmp_path, model))
    assert imported.design is not None
    (group,) = imported.design["groups"]
    assert (group["pattern"], group["filters"], group["blocks"]) == ("residual", 8, 1)
    assert not any("drawn" in note for note in imported.notes)


def test_a_sequential_model_of_keras_2(tmp_path: Path) -> None:
    dense = {"units": 6, "activation": "relu", "use_bias": True}
    model = {
        "class_name": "Sequential",
        "config": [
            {"class_name": "Dense", "config": {"batch_input_shape": [None, 4], **dense}},
            {"class_name": "Dense", "config": {"name": "e", "units": 1, "activation": "sigmoid"}},
        ],
        "keras_version": "2.0.8",
        "backend": "tensorflow",
    }  # fmt: skip
    imported = open_file(files.written(tmp_path, model))
    assert imported.design == Design.from_template(
        "dnn", task="binary", input_shape=[4], hidden=[6]
    )
