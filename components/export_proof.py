"""The proof of an export: how well it agrees, beside what it costs; and how it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components.curve_words import title, write_figure
from components.markdown import plain_words
from designer.errors import DesignerError
from designer.exports import format_named
from designer.memory import write_bytes

_NARROW = "\N{NO-BREAK SPACE}"


def measured(result: Mapping[str, Any]) -> None:
    """Show what was measured of an export, and the ways to call it."""
    rows = result.get("comparison") or []
    if rows:
        st.markdown(comparison_table(rows))
        st.caption(comparison_words(rows))
    signatures = result.get("signatures") or []
    if signatures:
        st.markdown("**Ways to call it**\n\n" + signature_words(signatures))


def proof_words(result: Mapping[str, Any]) -> str:
    """Return how an export was proven, in a sentence."""
    where = str(result["verified_in"])
    if not result["examples"]:
        return f"{where[:1].upper()}{where[1:].rstrip('.')}."
    difference = result["largest_difference"]
    agreement = (
        "are exactly the model's"
        if difference == 0
        else f"differ from the model's by at most {difference:.2g}, of"
        f" {result['allowed_difference']:.2g} that would be let pass"
    )
    return f"Loaded in {where}: on {result['examples']} examples its predictions {agreement}."


def comparison_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the table of the model and what was made of it, as Markdown."""
    figures = list(dict.fromkeys(name for row in rows for name in row.get("figures", {})))
    heads = ["", "Size", *(title(name) for name in figures), "Time"]
    lines = [
        "| " + " | ".join(heads) + " |",
        "|:--|" + "--:|" * (len(heads) - 1),
    ]
    for row in rows:
        cells = [
            plain_words(str(row["model"])),
            write_bytes(int(row["bytes"])).replace(" ", _NARROW),
            *(_figure(row, name) for name in figures),
            _milliseconds(row.get("milliseconds")),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def comparison_words(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what the figures of a comparison are of."""
    time = "Time: the median for one example, on this machine's processor."
    many = max(int(row.get("examples") or 0) for row in rows)
    if not many or not any(row.get("figures") for row in rows):
        return time
    return f"Figures: on {many} examples it has never seen. {time}"


def signature_words(signatures: Sequence[Mapping[str, Any]]) -> str:
    """Return the ways to call a SavedModel, as a Markdown list."""
    return "\n".join(
        f"* `{one['name']}` takes {one['takes']}, returns {one['returns']}" for one in signatures
    )


def loading_lines(format: str, file: str, *, is_package: bool) -> str:
    """Return the lines of Python that load an export; ``""`` if it has none.

    Args:
        format: its format's name.
        file: what the downloaded file is called.
        is_package: whether that is a zip, in which the model has a name of its own.
    """
    try:
        chosen = format_named(format)
    except DesignerError:  # of a version that had it
        return ""
    if not chosen.holds_weights:
        return ""  # a person opens it
    return chosen.loading_code(chosen.file_name if is_package else file).strip()


def _figure(row: Mapping[str, Any], name: str) -> str:
    value = row.get("figures", {}).get(name)
    return "" if value is None else write_figure(name, float(value))


def _milliseconds(value: Any) -> str:
    return "" if value is None else f"{float(value):.3g}{_NARROW}ms"
