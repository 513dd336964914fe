"""A design as a script: run by itself, it leaves a compiled ``model``."""

from __future__ import annotations

import json

from designer.code.activations import with_activations
from designer.code.compile_lines import compile_lines
from designer.code.errors import CodeError
from designer.code.literals import one_line
from designer.code.style import Style
from designer.code.styles import styles
from designer.design import Design, plain
from designer.errors import unknown_name
from designer.summary import Summary, outline
from designer.templates import template

_COMMENT_WIDTH = 96


def style(name: str) -> Style:
    """Return a style by name.

    Raises:
        CodeError: if there is none, with the nearest name there is.
    """
    known = styles()
    if name not in known:
        raise CodeError(unknown_name("style", name, known))
    return known[name]


def why_not(design: Design, name: str) -> CodeError | None:
    """Return why a style cannot express a design, and what can; ``None`` if it can.

    Raises:
        CodeError: for a style we do not know.
    """
    obstacle = style(name).obstacle(design.graph)
    if obstacle is None:
        return None
    works = [one for one in styles().values() if one.obstacle(design.graph) is None]
    names = " or ".join(one.name for one in works)
    return CodeError(
        f"{obstacle.reason} The {names} style can express it.",
        layer=obstacle.layer,
        works=tuple(one.name for one in works),
    )


def can_express(design: Design, name: str) -> bool:
    """Return whether a style has the words for a design."""
    return why_not(design, name) is None


def write_code(
    design: Design,
    style_name: str = "functional",
    activations: str | None = None,
    *,
    summary: Summary | None = None,
) -> str:
    """Return a design as Python source that leaves a compiled ``model``.

    Args:
        design: any design; of one that cannot be built, the source says why at its top.
        style_name: the name of a style.
        activations: ``"argument"`` or ``"layer"``; ``None`` leaves them as the design has them.
        summary: the design's, if it is at hand.

    Raises:
        CodeError: if there is no such style, or it cannot express the design; the message says
            why, and which styles can.
    """
    chosen = style(style_name)
    if obstacle := why_not(design, style_name):
        raise obstacle
    graph = with_activations(design.graph, activations)
    lines = [
        *_header(summary or outline(design), chosen),
        "",
        "import keras",
        "from keras import layers",
        "",
        *chosen.write(graph, design.template),
        *compile_lines(design),
        "",
        'if __name__ == "__main__":',
        "    model.summary()",
    ]
    return "\n".join(lines) + "\n"


def _header(summary: Summary, chosen: Style) -> list[str]:
    design = summary.design
    title = f"{template(design.template).title} in Keras, {chosen.name} style"
    words = [f"{title}: {summary.total_params:,} parameters."]
    if summary.fault:
        words = [f"{title}. It cannot be built as it is: {summary.fault}"]
    if design.choices:
        changed = (f"{name} = {json.dumps(plain(v))}" for name, v in design.choices.items())
        words.append(f"Changed: {'; '.join(changed)}.")
    return [f"# {line}" for word in words for line in _wrapped(one_line(word))]


def _wrapped(text: str) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > _COMMENT_WIDTH:
            lines.append(line)
            line = ""
        line = f"{line} {word}".lstrip()
        while len(line) > _COMMENT_WIDTH:
            lines.append(line[:_COMMENT_WIDTH])
            line = line[_COMMENT_WIDTH:]
    return [*lines, line] if line else lines
