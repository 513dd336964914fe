"""How a format is written: only what applies to it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from components.export_source import Source
from designer.exports import ExportFormat
from designer.exports.how import OUTPUTS, QUANTIZATIONS
from designer.memory import write_bytes

PACKAGE, BARE = "package", "bare"

#: Bytes below which nobody needs to know more.
_SMALL = 200_000


@dataclass(frozen=True)
class Wish:
    """An export as a person wants it: what is asked of a worker, and what its file is called."""

    job: Mapping[str, Any]
    file_name: str
    is_package: bool


def options_choice(source: Source, format: ExportFormat) -> Wish:
    """Show the choices that a format has, and return what is wished."""
    more: dict[str, Any] = {"format": format.name}
    if len(format.quantizations) > 1:
        more["quantize"] = _quantization(source, format)
    if format.labels and has_classes(source):
        more["outputs"] = _ask("Answers", list(OUTPUTS), OUTPUTS, f"export_outputs_{format.name}")
    is_package = format.is_folder or _packing(format) == PACKAGE
    name = file_name(source.name, format, more.get("quantize", "none"), package=is_package)
    return Wish({**source.arguments, **more}, name, is_package)


def has_classes(source: Source) -> bool:
    """Return whether it is known what the classes are called."""
    notes: Mapping[str, Any] = source.arguments.get("notes") or {}
    return any(notes.get("class_names") or ())


def file_name(name: str, format: ExportFormat, quantize: str, *, package: bool) -> str:
    """Return what the file is called: ``cnn-k3f9-litert-int8.zip``, ``cnn-k3f9.keras``."""
    way = "" if quantize == "none" else f"-{quantize}"
    return f"{name}-{format.name}{way}.zip" if package else f"{name}{way}{format.suffix}"


def expected_size(source: Source, format: ExportFormat, quantize: str = "none") -> str:
    """Return how large an export will roughly be, in words."""
    weights = source.summary.weight_bytes // (1 if quantize == "none" else 4)
    if not format.holds_weights or weights < _SMALL:
        return "less than 1 MB"
    return f"about {write_bytes(weights)}"


def _quantization(source: Source, format: ExportFormat) -> str:
    ways = list(format.quantizations)
    if "int8" in ways and not _is_file(source.arguments.get("calibration")):
        ways.remove("int8")
        st.caption(
            "Whole numbers need examples that a run has trained on, and this run has kept none:"
            " train it again, and they are offered here."
            if source.run
            else "Whole numbers need examples that a run has trained on: train the design first."
        )
    return _ask("Numbers", ways, QUANTIZATIONS, f"export_quantize_{format.name}")


def _packing(format: ExportFormat) -> str:
    words = {
        PACKAGE: (
            "Package (.zip)",
            "with a README, the lines that load it, what it needs, the design"
            if format.holds_weights
            else "with a README and the design beside it",
        ),
        BARE: (f"Only the {format.suffix} file", "nothing beside it"),
    }
    ways = [PACKAGE, BARE] if format.holds_weights else [BARE, PACKAGE]
    return _ask("As", ways, words, f"export_as_{format.name}")


def _ask(label: str, ways: list[str], words: Mapping[str, tuple[str, str]], key: str) -> str:
    chosen: str = st.radio(
        label,
        ways,
        key=key,
        horizontal=True,
        format_func=lambda way: words[way][0],
        captions=[words[way][1] for way in ways],
    )
    return chosen


def _is_file(path: object) -> bool:
    return isinstance(path, str) and Path(path).is_file()
