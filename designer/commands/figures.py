"""``summary`` and ``build``: what a design costs, by our arithmetic and by Keras."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from designer.commands.parsing import Declare
from designer.commands.reading import design_of
from designer.quiet import import_tensorflow_quietly
from designer.summary import summarize


def add(declare: Declare) -> None:
    """Declare the commands."""
    declare("summary", _summary, "What a design costs, without TensorFlow.", design=True)
    declare("build", _build, "The same, from the real tf.keras model.", design=True)


def _summary(options: argparse.Namespace) -> int:
    summary = summarize(design_of(options)).to_dict()
    _print_summary(summary, options.json)
    return 0


def _build(options: argparse.Namespace) -> int:
    from designer.memory import check_memory_to_build

    design = design_of(options)
    check_memory_to_build(summarize(design))
    import_tensorflow_quietly()
    from designer.keras_model import build_model, describe_model

    _print_summary(describe_model(build_model(design), design), options.json)
    return 0


def _print_summary(summary: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(summary))
        return
    rows = [("Layer", "Class", "Output shape", "Parameters", "Multiply-adds")]
    rows += [
        (
            layer["name"],
            layer["class_name"],
            " × ".join(str(size) for size in layer["output_shape"][1:]),
            f"{layer['params']:,}",
            f"{layer['multiply_adds']:,}",
        )
        for layer in summary["layers"]
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        left = "  ".join(text.ljust(width) for text, width in zip(row[:3], widths, strict=False))
        right = "  ".join(
            text.rjust(width) for text, width in zip(row[3:], widths[3:], strict=True)
        )
        print(f"{left}  {right}")
    print(
        f"\n{summary['template']}: {summary['total_params']:,} parameters"
        f" ({summary['trainable_params']:,} trainable,"
        f" {summary['non_trainable_params']:,} not),"
        f" {summary['multiply_adds']:,} multiply-adds for one example"
    )
