"""The convolutional network: groups, their own strides, pooling, kernels and cardinality."""

from __future__ import annotations

from designer import Design, summarize


def test_a_group_inherits_from_the_design_and_the_group_before() -> None:
    design = Design.from_template(
        "cnn",
        strides=1,
        kernel_size=5,
        pooling="average",
        groups=[{"filters": 8, "blocks": 2}, {}, {"kernel_size": 3, "pooling": "none"}],
    )
    first, second, third = design["groups"]
    assert dict(second) == {
        "filters": 16, "blocks": 2, "kernel_size": 5, "strides": 1, "cardinality": 1,
        "pooling": "average", "pool_size": 2,
    }  # fmt: skip
    assert (third["filters"], third["kernel_size"], third["pooling"]) == (32, 3, "none")
    names = [layer.name for layer in design.graph.layers]
    assert names == [
        "inputs",
        "group1_block1_conv", "group1_block2_conv", "group1_pool",
        "group2_block1_conv", "group2_block2_conv", "group2_pool",
        "group3_block1_conv", "group3_block2_conv",
        "flatten", "hidden1", "outputs",
    ]  # fmt: skip
    assert first["filters"] == 8


def test_only_the_first_convolution_of_a_group_strides() -> None:
    design = Design.from_template("cnn", groups=[{"blocks": 3}])
    strides = [layer.config["strides"] for layer in design.graph.layers if "conv" in layer.name]
    assert strides == [(2, 2), (1, 1), (1, 1)]


def test_cardinality_is_keras_s_groups() -> None:
    design = Design.from_template(
        "cnn", input_shape=[8, 8, 4], groups=[{"filters": 8, "cardinality": 4}]
    )
    assert design.graph.layers[1].config["groups"] == 4
    assert summarize(design).layers[1].params == 3 * 3 * 1 * 8 + 8


def test_dropout_after_each_group_and_each_hidden_layer() -> None:
    design = Design.from_template(
        "cnn", groups=[{}, {}], dropout=0.2, hidden=[8, 8], hidden_dropout=0.5
    )
    rates = {
        layer.name: layer.config["rate"]
        for layer in design.graph.layers
        if layer.class_name == "Dropout"
    }
    assert rates == {
        "group1_dropout": 0.2, "group2_dropout": 0.2, "hidden1_dropout": 0.5,
        "hidden2_dropout": 0.5,
    }  # fmt: skip


def test_batch_normalization_stands_before_or_after_the_activation() -> None:
    before = Design.from_template("cnn", batch_normalization="before").graph.layers
    assert [layer.class_name for layer in before[1:5]] == [
        "Conv2D", "BatchNormalization", "ReLU", "MaxPooling2D",
    ]  # fmt: skip
    assert "activation" not in before[1].config
    after = Design.from_template("cnn", batch_normalization="after").graph.layers
    assert [layer.class_name for layer in after[1:4]] == [
        "Conv2D", "BatchNormalization", "MaxPooling2D",
    ]  # fmt: skip
    assert after[1].config["activation"] == "relu"


def test_one_number_a_map_instead_of_a_flatten() -> None:
    for flattening in ("global_average", "global_max"):
        design = Design.from_template("cnn", flattening=flattening)
        layer = next(one for one in summarize(design).layers if one.name == flattening)
        assert layer.output_shape == (None, 16)
