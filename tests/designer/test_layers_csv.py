"""The table in a file, read back by pandas."""

from __future__ import annotations

import io
import math

import pandas as pd
import pytest

from designer import Design
from designer.layers_csv import COLUMNS, _safe, layers_csv
from designer.summary import outline
from designer.templates import templates


@pytest.mark.parametrize("name", templates())
def test_pandas_reads_every_layer(name: str) -> None:
    summary = outline(Design.from_template(name))
    table = pd.read_csv(io.StringIO(layers_csv(summary)))
    assert tuple(table.columns) == COLUMNS
    assert list(table["name"]) == [layer.name for layer in summary.layers]
    assert table["params"].sum() == summary.total_params
    assert table["trainable_params"].sum() == summary.trainable_params
    assert table["multiply_adds"].sum() == summary.multiply_adds
    assert table["activation_bytes"].sum() == summary.activation_bytes
    assert table["fault"].isna().all()


def test_a_row_of_resnet50() -> None:
    summary = outline(Design.from_template("resnet50"))
    table = pd.read_csv(io.StringIO(layers_csv(summary)), index_col="name")
    row = table.loc["group1_block1_add"]
    assert row["inputs"] == "group1_block1_shortcut_batch_norm group1_block1_conv3_batch_norm"
    assert row["output_shape"] == "56x56x256"
    assert row["path"] == "learner/group1/block1"
    assert (row["receptive_field_height"], row["receptive_field_width"]) == ("19", "19")
    assert table.loc["outputs"]["receptive_field_height"] == "all"


def test_what_cannot_be_built_is_empty_and_says_why() -> None:
    summary = outline(Design.from_template("cnn", input_shape=[2, 2, 1]))
    table = pd.read_csv(io.StringIO(layers_csv(summary)), index_col="name")
    at_fault = next(layer for layer in summary.layers if layer.fault)
    assert table.loc[at_fault.name, "fault"] == str(at_fault.fault)
    assert math.isnan(table.loc[at_fault.name, "params"])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert _safe(text) == f"'{text}"
    assert _safe("conv") == "conv"
    assert _safe(-1) == -1
