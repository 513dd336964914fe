"""What a model card says of the design: the drawing, the choices in words, the parts."""

from __future__ import annotations

from designer.exports.contents import Contents
from designer.templates import template
from designer.wording import write_value

DRAWING_FILE = "drawing.svg"


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
        f"- {parameter.label}: {write_value(parameter, design[parameter.name], design.parameters)}"
        for parameter in known.parameters
        if parameter.applies(design.parameters)
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


def _shape(shape: tuple[int | None, ...] | None) -> str:
    return " × ".join(f"{size:,}" for size in (shape or ()) if size is not None) or "–"
