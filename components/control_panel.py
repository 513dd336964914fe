"""The controls of a design, made from what its template's parameters say of themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from components.assets import register
from designer.design import Design, plain
from designer.group_changes import halving, kept_fields
from designer.templates import template
from designer.templates.groups import Groups
from designer.templates.parameters import (
    Choice,
    Classes,
    Flag,
    InputShape,
    Integer,
    IntegerList,
    Number,
    Parameter,
    PerHeadChoice,
)

_mount = register("control_panel", uses=("leaving", "going"))

SECTIONS = {
    "input": "Input",
    "stem": "Stem",
    "learner": "Learner",
    "task": "Task",
    "compile": "Compile",
}

#: Sections that stay closed until somebody opens them.
_CLOSED = {"stem", "compile"}


def control_panel(
    design: Design,
    *,
    errors: Mapping[str, str],
    ack: int,
    generation: int = 0,
    on_edit: Callable[[], None],
    key: str,
) -> None:
    """Show a control for every parameter of a design.

    What a person changes arrives in ``st.session_state[key].edits`` when ``on_edit`` is called:
    ``sequence`` (a number to hand back as ``ack`` once it is dealt with), ``edits`` (parameter →
    new value, ``None`` for "back to the default") and ``resting`` (``False`` while a slider is
    being dragged).

    Args:
        errors: field → message, for values that did not work.
        ack: the newest sequence already dealt with.
        generation: a number that is another one when the design was changed elsewhere (undone,
            opened): the controls then show it even where somebody is writing. It comes back
            with every edit.
    """
    _mount(
        data=panel_data(design, errors=errors, ack=ack, generation=generation),
        key=key,
        on_edits_change=on_edit,
    )


def panel_data(
    design: Design, *, errors: Mapping[str, str], ack: int, generation: int = 0
) -> dict[str, Any]:
    """Return the sections, fields and values that the panel shows."""
    sections = {
        name: {"name": name, "title": title, "open": name not in _CLOSED, "fields": []}
        for name, title in SECTIONS.items()
    }
    changed = 0
    before: dict[str, Any] = {}
    for parameter in template(design.template).parameters:
        if parameter.applies(before):
            field = _field(parameter, design[parameter.name], before)
            if isinstance(parameter, Groups):
                field |= _group_changes(design)
            field["changed"] = parameter.name in design.choices
            changed += field["changed"]
            sections[parameter.section]["fields"].append(field)  # type: ignore[attr-defined]
        before[parameter.name] = design[parameter.name]
    shown = [section for section in sections.values() if section["fields"]]
    for section in shown:
        count = sum(field["changed"] for field in section["fields"])  # type: ignore[attr-defined]
        section["note"] = f"{count} changed" if count else ""
    return {
        "template": design.template,
        "sections": shown,
        "errors": dict(errors),
        "ack": ack,
        "generation": generation,
        "changed": changed,
    }


def _group_changes(design: Design) -> dict[str, Any]:
    """Return what the panel's script needs for what is done to a group in one go.

    ``halving``: fields of one more group that halves the maps; ``kept``: what each group keeps
    when its pattern changes.
    """
    return {
        "halving": halving(design),
        "kept": [kept_fields(design, group) for group in design["groups"]],
    }


def _field(parameter: Parameter, value: Any, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return one parameter as the panel's script knows it."""
    field: dict[str, Any] = {
        "name": parameter.name,
        "label": parameter.label,
        "help": parameter.help,
        "unit": parameter.unit,
        "value": plain(value),
    }
    match parameter:
        case Groups():
            field |= {
                "type": "groups",
                "minimum_length": parameter.minimum_length,
                "maximum_length": parameter.maximum_length,
                "fields": [_field(part, None, chosen) for part in parameter.fields],
            }
        case IntegerList():
            item = _field(parameter.item, None, chosen)
            item |= {"each": "layer", "default": parameter.item.default}
            field |= {
                "type": "list",
                "add": "Add a layer",
                "item": item,
                "minimum_length": parameter.minimum_length,
                "maximum_length": parameter.maximum_length,
            }
        case Classes():
            item = _number(1 if chosen["task"] == "multilabel" else 2, parameter.maximum, (2, 100))
            if isinstance(value, tuple):
                item |= {"label": "Classes", "each": "head", "default": 2}
                field |= {"type": "list", "add": "Add a head", "item": item}
                field |= {"minimum_length": 1, "maximum_length": 20}
            else:
                field |= item
        case InputShape():
            field |= {
                "type": "shape",
                "axes": list(parameter.axes_for(value)),
                "maximum": parameter.maximum,
            }
        case PerHeadChoice() | Choice():
            several = isinstance(value, tuple)
            field |= {
                "type": "choices" if several else "choice",
                "options": [list(pair) for pair in parameter.options_for(chosen).items()],
            }
            if parameter.teaches:
                field["teaches"] = dict(parameter.teaches)
        case Flag():
            field |= {"type": "flag"}
        case Integer():
            field |= _number(parameter.minimum, parameter.maximum, parameter.slider)
            field["step"] = parameter.step
        case Number():
            field |= _number(parameter.minimum, parameter.maximum, parameter.slider)
            field |= {"type": "number", "step": parameter.step if parameter.slider else "any"}
    return field


def _number(minimum: float, maximum: float, slider: Any) -> dict[str, Any]:
    return {
        "type": "integer",
        "minimum": minimum,
        "maximum": maximum,
        "slider": list(slider) if slider else None,
        "step": 1,
    }
