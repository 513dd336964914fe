"""Figures, faults and explanations, in arithmetic alone."""

from __future__ import annotations

import math
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from random_designs import choices, designs

from designer import Design, DesignError, summarize
from designer.summary import LayerSummary, Summary, outline
from designer.tasks import OPTIMIZER_SLOTS
from designer.templates import templates

ROOT = Path(__file__).resolve().parents[2]

every_template = pytest.mark.parametrize("name", list(templates()))


def evaluate(text: str) -> int:
    """Return what the arithmetic of an explanation comes to: "13 × 10 weights + 10 biases"."""
    text = re.sub(r"\([^)]*\)", "", text).replace(",", "").replace("×", "*").replace("−", "-")
    expression = " ".join(re.findall(r"\d+|[*+/-]", text))
    assert re.fullmatch(r"\d+( [*+/-] \d+)*", expression), text
    return int(eval(expression))


def check_arithmetic(text: str, figure: int) -> None:
    """Hold "… = 140" to both sides of its equals sign, and to the figure of the layer."""
    if "=" not in text:
        assert figure == 0, text
        return
    left, right = text.split("=", 1)
    shown = re.match(r" ([\d,]+)", right)
    assert shown, text
    assert int(shown[1].replace(",", "")) == figure, text
    assert evaluate(left) == figure, text
    for whole, part in re.findall(r"\(([\d,]+) / cardinality ([\d,]+)\)", text):
        assert int(whole.replace(",", "")) % int(part) == 0
        assert f" {int(whole.replace(',', '')) // int(part):,} channels" in text


def check_sides(layer: LayerSummary) -> None:
    """Hold the sentence about a sliding window to the shape it explains."""
    text = layer.why_shape()
    assert layer.output_shape is not None
    each = re.match(r"(?:Each side|Height): (.+?)(?:; width: (.+?))?\.(?: |$)", text)
    if not each:
        return
    for axis, part in enumerate(each.groups()):
        side = layer.output_shape[1 + axis]
        if part is None:  # one sentence for both sides
            side = layer.output_shape[1]
            assert layer.output_shape[1] == layer.output_shape[2]
            continue
        same = re.fullmatch(r"padding 'same' and strides of 1 keep ([\d,]+)", part)
        shrunk = re.fullmatch(r"([\d,]+) / strides (\d+), rounded up, is ([\d,]+)", part)
        whole = re.fullmatch(
            r"\(([\d,]+) − (\d+)\) / strides (\d+), rounded down, \+ 1 is ([\d,]+)"
            r" \(padding 'valid'\)",
            part,
        )
        border = re.fullmatch(r"([\d,]+) \+ 2 × (\d+) = ([\d,]+)", part)
        found = same or shrunk or whole or border
        assert found, text
        numbers = [int(number.replace(",", "")) for number in found.groups()]
        assert numbers[-1] == side, text
        if shrunk:
            assert math.ceil(numbers[0] / numbers[1]) == side, text
        if whole:
            assert (numbers[0] - numbers[1]) // numbers[2] + 1 == side, text
        if border:
            assert numbers[0] + 2 * numbers[1] == side, text


def check_explanations(summary: Summary) -> None:
    for layer in summary.layers:
        if layer.output_shape is None:
            continue
        check_arithmetic(layer.why_params(), layer.params)
        check_arithmetic(layer.why_multiply_adds(), layer.multiply_adds)
        check_sides(layer)
        if layer.class_name == "Flatten":
            check_arithmetic(layer.why_shape(), layer.output_shape[1] or 0)
        assert layer.why_shape()


# --- explanations -------------------------------------------------------------------------


def test_the_book_s_first_layer_is_explained_as_the_book_does() -> None:
    layer = summarize(Design.from_template("dnn")).layers[1]
    assert layer.why_params() == "13 × 10 weights + 10 biases = 140"
    assert layer.why_multiply_adds() == "13 inputs × 10 units = 130"
    assert layer.why_shape() == "One number for each of its 10 units."


def test_explanations_of_a_convolution() -> None:
    design = Design.from_template(
        "cnn",
        input_shape=[28, 30, 8],
        groups=[{"filters": 16, "cardinality": 4, "strides": 2}],
        batch_normalization="before",
    )
    layers = {layer.name: layer for layer in summarize(design).layers}
    conv = layers["group1_block1_conv"]
    assert conv.why_params() == (
        "3 × 3 × 2 channels (8 / cardinality 4) × 16 filters + 16 biases = 304"
    )
    assert conv.why_multiply_adds() == "14 × 15 places × 288 weights = 60,480"
    assert conv.why_shape() == (
        "Height: 28 / strides 2, rounded up, is 14; width: 30 / strides 2, rounded up, is 15."
        " One map for each of 16 filters."
    )
    assert layers["group1_block1_conv_batch_norm"].why_params() == (
        "4 × 16 channels = 64: scale and offset are trained (32), the moving mean and variance"
        " are not (32)"
    )
    assert layers["group1_pool"].why_shape() == (
        "Height: (14 − 2) / strides 2, rounded down, + 1 is 7 (padding 'valid'); width:"
        " (15 − 2) / strides 2, rounded down, + 1 is 7 (padding 'valid'). The number of maps"
        " stays 16."
    )
    assert layers["flatten"].why_shape() == "7 × 7 × 16 = 784"
    assert layers["inputs"].why_shape() == "One example is 28 × 30 × 8 numbers; the batch size" \
        " stays open."  # fmt: skip


@every_template
def test_the_arithmetic_of_every_explanation_is_right(name: str) -> None:
    check_explanations(summarize(Design.from_template(name)))

    @settings(max_examples=20)
    @given(designs(name, small=True))
    def check(design: Design) -> None:
        check_explanations(outline(design))

    check()


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("resnet34", {"variant": "paper"}),
        ("resnet50", {"version": "v1.5"}),
        ("resnet50", {"version": "v2"}),
        ("cnn", {"padding": "valid", "input_shape": [200, 33, 3]}),
    ],
)
def test_the_arithmetic_of_the_variants_is_right(name: str, parameters: dict[str, Any]) -> None:
    check_explanations(summarize(Design.from_template(name, **parameters)))


# --- figures ------------------------------------------------------------------------------


@every_template
def test_totals_are_the_sums_of_the_layers(name: str) -> None:
    summary = summarize(Design.from_template(name))
    assert summary.template == name
    assert summary.total_params == sum(layer.params for layer in summary.layers)
    assert summary.trainable_params + summary.non_trainable_params == summary.total_params
    assert summary.multiply_adds == sum(layer.multiply_adds for layer in summary.layers)
    assert summary.weight_bytes == 4 * summary.total_params
    assert [layer.name for layer in summary.layers] == [
        layer.name for layer in summary.design.graph.layers
    ]


def test_the_dict_is_what_the_command_line_promises() -> None:
    data = summarize(Design.from_template("dnn")).to_dict()
    assert set(data) == {
        "template", "total_params", "trainable_params", "non_trainable_params", "multiply_adds",
        "layers",
    }  # fmt: skip
    assert data["layers"][1] == {
        "name": "hidden1",
        "class_name": "Dense",
        "path": "learner",
        "inputs": ["inputs"],
        "output_shape": [None, 10],
        "params": 140,
        "trainable_params": 140,
        "multiply_adds": 130,
    }


def test_memory_to_train_follows_batch_and_optimizer() -> None:
    summary = summarize(Design.from_template("dnn"))
    assert summary.weight_bytes == 4 * 261
    assert summary.activation_bytes == 4 * (13 + 10 + 10 + 1)
    for optimizer, slots in OPTIMIZER_SLOTS.items():
        expected = 4 * 261 * (2 + slots) + 16 * 4 * 34
        assert summary.training_bytes(16, optimizer) == expected
    assert summary.training_bytes(32) == summary.training_bytes(32, "rmsprop")


def test_an_absurd_design_has_exact_figures() -> None:
    design = Design.from_template("dnn", input_shape=[10**6], hidden=[10**6] * 3)
    assert summarize(design).total_params == 3 * (10**12 + 10**6) + 10**6 + 1


# --- faults -------------------------------------------------------------------------------


def fault_of(name: str, **parameters: Any) -> DesignError:
    design = Design.from_template(name, **parameters)
    with pytest.raises(DesignError) as caught:
        summarize(design)
    assert str(outline(design).fault) == str(caught.value)
    return caught.value


def mend(design: Design, fault: DesignError) -> Design:
    """Return the design with the first value that the fault's message says would work."""
    assert fault.field is not None
    found = re.fullmatch(r"groups\[(\d+)\]\.(\w+)", fault.field)
    assert found, fault
    worked = re.search(r"at most (\d+) works", str(fault)) or re.search(
        r"filters: any of (?:\d+, )*(\d+) works", str(fault)
    )
    assert worked, fault
    groups = [dict(group) for group in design["groups"]]
    groups[int(found[1])][found[2]] = int(worked[1])
    return design.replace(groups=groups)


def test_vgg_on_a_picture_too_small_names_the_pool_and_what_works() -> None:
    fault = fault_of("vgg16", input_shape=[16, 16, 3])
    assert str(fault) == (
        "The layer 'group5_pool' (groups[4]) cannot be built. Its pool of 2 × 2 does not fit into"
        " maps of 1 × 1: nothing would be left of them. A larger input, smaller strides or fewer"
        " groups before it work."
    )
    assert fault.layer == "group5_pool"
    assert fault.field == "groups[4]"
    # Both of what it says works.
    summarize(Design.from_template("vgg16", input_shape=[32, 32, 3]))
    groups = Design.from_template("vgg16")["groups"]
    summarize(Design.from_template("vgg16", input_shape=[16, 16, 3], groups=groups[:4]))


def test_many_groups_that_shrink_a_map_to_nothing_name_the_first_at_fault() -> None:
    design = Design.from_template("cnn", groups=[{"filters": 4}] * 10)
    fault = fault_of("cnn", groups=[{"filters": 4}] * 10)
    assert fault.layer == "group4_pool"
    assert fault.field == "groups[3].pool_size"
    assert "maps of 1 × 1" in str(fault)
    assert "A pool of at most 1 works too." in str(fault)
    mended = mend(design, fault)
    assert outline(mended).layers[design_index(design, "group4_pool")].output_shape is not None
    summarize(design.replace(groups=design["groups"][:3]))
    summarize(design.replace(strides=1, input_shape=[1024, 1024, 1], groups=[{"filters": 4}] * 10))


def argument_at_fault(design: Design, fault: DesignError) -> str | None:
    found = next(layer.fault for layer in outline(design).layers if layer.name == fault.layer)
    assert found is not None
    return found.argument


def design_index(design: Design, name: str) -> int:
    return [layer.name for layer in design.graph.layers].index(name)


def test_a_kernel_larger_than_the_maps_is_named() -> None:
    design = Design.from_template("cnn", input_shape=[9, 4, 1], padding="valid", kernel_size=5)
    fault = fault_of("cnn", input_shape=[9, 4, 1], padding="valid", kernel_size=5)
    assert fault.layer == "group1_block1_conv"
    assert fault.field == "groups[0].kernel_size"
    assert "kernel of 5 × 5 does not fit into maps of 9 × 4" in str(fault)
    assert "A kernel of at most 4 works too." in str(fault)
    layer = outline(mend(design, fault)).layers[1]
    assert layer.output_shape == (None, 3, 1, 16)


def test_a_pool_on_maps_that_are_not_square_is_held_to_the_shorter_side() -> None:
    parameters = {"input_shape": [3, 2, 1], "groups": [{"strides": 1, "pool_size": 4}]}
    fault = fault_of("cnn", **parameters)
    assert "pool of 4 × 4 does not fit into maps of 3 × 2" in str(fault)
    summarize(mend(Design.from_template("cnn", **parameters), fault))


@pytest.mark.parametrize(
    ("name", "parameters", "layer", "problem"),
    [
        ("cnn", {"groups": [{"filters": 16, "cardinality": 2}]}, "group1_block1_conv",
         "the 1 channels coming in cannot be split into 2"),
        ("cnn", {"groups": [{"filters": 6}, {"filters": 8, "cardinality": 3}]},
         "group2_block1_conv", "the 8 filters cannot be split into 3 equal parts"),
        ("cnn", {"groups": [{"filters": 6}, {"filters": 8, "cardinality": 4}]},
         "group2_block1_conv", "the 6 channels coming in cannot be split into 4"),
        ("resnet34", {"groups": [{}, {"cardinality": 3}]}, "group2_block1_conv1",
         "the 128 filters cannot be split into 3"),
        ("resnet50", {"groups": [{"filters": 48, "cardinality": 32}]}, "group1_block1_conv2",
         "the 48 filters cannot be split into 32"),
        ("resnet50", {"version": "v2", "groups": [{"cardinality": 4096}]}, "group1_block1_conv2",
         "the 64 filters cannot be split into 4096"),
    ],
)  # fmt: skip
def test_cardinality_that_does_not_divide_is_named_and_mended(
    name: str, parameters: dict[str, Any], layer: str, problem: str
) -> None:
    fault = fault_of(name, **parameters)
    assert fault.layer == layer
    index = int(layer.removeprefix("group").split("_")[0]) - 1
    assert fault.field == f"groups[{index}].cardinality"
    assert problem in str(fault)
    summarize(mend(Design.from_template(name, **parameters), fault))


@pytest.mark.parametrize(
    "name", [name for name in templates() if "groups" in Design.from_template(name).parameters]
)
def test_what_a_fault_says_works_really_works(name: str) -> None:
    found = []

    @settings(max_examples=40)
    @given(choices(name, small=True))
    def check(parameters: Mapping[str, Any]) -> None:
        design = Design.from_template(name, **parameters)
        fault = outline(design).fault
        found.extend([fault] if fault else [])
        for _ in range(200):
            if fault is None:
                break
            assert fault.layer is not None
            assert fault.layer in str(fault)
            if fault.field and "." in fault.field:
                assert fault.field in str(fault)
                mended = mend(design, fault)
            else:  # no value of a field: a larger input works
                assert "A larger input" in str(fault)
                height, width, channels = design["input_shape"]
                mended = design.replace(input_shape=[8 * height, 8 * width, channels])
            at = design_index(design, fault.layer)
            again = outline(mended).layers[at].fault  # a layer may have two faults
            assert again is None or again.argument != argument_at_fault(design, fault), fault
            design, fault = mended, outline(mended).fault
        summarize(design)

    check()
    assert len(found) > 2, "faulty designs must be among them"


def test_an_outline_gives_the_layers_before_the_fault() -> None:
    design = Design.from_template("vgg16", input_shape=[16, 16, 3])
    summary = outline(design)
    names = [layer.name for layer in summary.layers]
    at = names.index("group5_pool")
    whole = {
        layer.name: layer for layer in summarize(design.replace(input_shape=[32, 32, 3])).layers
    }
    for layer in summary.layers[:at]:
        assert layer.output_shape is not None
        assert layer.fault is None
        assert layer.params == whole[layer.name].params
    fault = summary.layers[at]
    assert fault.fault is not None
    assert fault.fault.argument == "pool_size"
    assert "does not fit" in fault.why_shape()
    for layer in summary.layers[at:]:
        assert layer.output_shape is None
        assert (layer.params, layer.trainable_params, layer.multiply_adds) == (0, 0, 0)
        assert layer.output_size == 0
        assert layer.to_dict()["output_shape"] is None
        assert layer.why_params() == layer.why_multiply_adds() == layer.why_shape()
    assert summary.layers[-1].why_shape() == "A layer before it cannot be built."
    assert summary.total_params == sum(layer.params for layer in summary.layers[:at])


def test_a_design_that_can_be_built_has_no_fault() -> None:
    assert outline(Design.from_template("cnn")).fault is None


# --- light --------------------------------------------------------------------------------


def test_vgg16_is_summarised_without_memory_for_its_weights() -> None:
    summarize(Design.from_template("vgg16", classes=7))  # imports and rules are not its cost
    tracemalloc.start()
    summary = summarize(Design.from_template("vgg16"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert summary.weight_bytes > 500e6
    assert peak < 2e6


def test_a_summary_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from designer import Design, summarize, build_model\n"
        "summarize(Design.from_template('resnet50')).layers[3].why_params()\n"
        "Design.from_json(Design.from_template('cnn').to_json())\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(eval(done.stdout))
    assert "designer" in loaded
    heavy = {"tensorflow", "keras", "streamlit", "sklearn", "mlxtend", "numpy", "pandas", "plotly"}
    assert not loaded & heavy
