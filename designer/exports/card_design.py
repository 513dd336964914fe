"""What a model card says of the design: the drawing, the choices in words, the parts."""

from __future__ import annotations

from collections.abc import Iterator

from designer.design import Design
from designer.exports.contents import Contents
from designer.templates import template
from designer.templates.groups import Groups
from designer.templates.parameters import Parameter
from designer.wording import group_context, write_value

DRAWING_FILE = "drawing.svg"

MOST_GROUPS = 20
"""Groups that the card lists one by one."""


def drawing(contents: Contents) -> str:
    """Return the drawing of the design as an SVG file's text."""
    from designer.drawing import draw
    from designer.drawing.svg import standalone_svg

    return standalone_svg(draw(contents.summary, depth="blocks"), title=contents.name)


def design_section(contents: Contents) -> str:
    """Return the section on the design."""
    summary, design = contents.summary, contents.design
    known = template(design.template)
    choices = [
        line
        for parameter in known.parameters
        if parameter.applies(design.parameters)
        for line in _choice(design, parameter)
    ]
    rows = [
        f"| {place.title} | {len(place.layers)} | {_shape(place.layers[-1].output_shape)} |"
        f" {place.params:,} |"
        for place in summary.sections
    ]
    return (
        f"## The design\n\n{known.title}: {known.summary} Source: {known.source}.\n\n"
        + "\n".join(choices)
        + "\n\n| part | layers | puts out | parameters |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + f"\n\n{summary.total_params:,} parameters, {summary.trainable_params:,} of them"
        f" trainable; {summary.multiply_adds:,} multiply-adds for one example. `design.json` holds"
        " the design; Model Designer opens it."
    )


def _choice(design: Design, parameter: Parameter) -> Iterator[str]:
    """Yield the lines that say what was chosen: one, or one a group."""
    chosen = design[parameter.name]
    if not isinstance(parameter, Groups):
        yield f"- {parameter.label}: {write_value(parameter, chosen, design.parameters)}"
        return
    for index, group in enumerate(chosen[:MOST_GROUPS]):
        context = group_context(design, parameter.name, index)
        told = ", ".join(
            f"{field.label[:1].lower()}{field.label[1:]}"
            f" {write_value(field, group[field.name], context)}"
            for field in parameter.fields
            if field.name in group
        )
        yield f"- Group {index + 1}: {told}"
    if len(chosen) > MOST_GROUPS:
        yield f"- {len(chosen) - MOST_GROUPS:,} more groups"


def _shape(shape: tuple[int | None, ...] | None) -> str:
    return " × ".join(f"{size:,}" for size in (shape or ()) if size is not None) or "–"
