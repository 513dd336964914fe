"""A design as a script: run by itself, it leaves a compiled ``model``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from designer.code.activations import names_in, with_activations
from designer.code.compile_lines import compile_lines
from designer.code.errors import CodeError
from designer.code.lines import lit_lines
from designer.code.literals import literal, one_line
from designer.code.penalty import name_penalty
from designer.code.style import Style
from designer.code.styles import styles
from designer.design import Design, plain
from designer.errors import unknown_name
from designer.summary import Summary, outline
from designer.templates import template

_COMMENT_WIDTH = 96
_LONGEST_CHOICE = 40


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

    Args and errors: as of :func:`write_lines`.
    """
    return "\n".join(write_lines(design, style_name, activations, summary=summary)) + "\n"


def lines_of_layers(
    design: Design, lines: Sequence[str], activations: str | None, names: Collection[str]
) -> list[int]:
    """Return the numbers, from 1, of the lines that make some layers, or parts wholly of them.

    Args:
        lines: of the design, by :func:`write_lines`.
        activations: the way it was written.
        names: of layers of the design.
    """
    if not names:
        return []
    written = with_activations(design.graph, activations)
    return lit_lines(lines, names_in(written, design.graph, names))


def write_lines(
    design: Design,
    style_name: str = "functional",
    activations: str | None = None,
    *,
    summary: Summary | None = None,
) -> list[str]:
    """Return the lines of a design's source; those that make a layer know it (see ``lines``).

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
    graph, penalty = name_penalty(with_activations(design.graph, activations))
    body = chosen.write(graph, design.template)
    if penalty:
        penalty += [""] * (2 if body[0].startswith("def ") else 1)
    return [
        *_header(summary or outline(design), chosen),
        "",
        "import keras",
        f"from keras import layers{', regularizers' if penalty else ''}",
        "",
        *penalty,
        *body,
        *compile_lines(design),
        "",
        'if __name__ == "__main__":',
        "    model.summary()",
    ]


def _header(summary: Summary, chosen: Style) -> list[str]:
    design = summary.design
    title = f"{template(design.template).title} in Keras, {chosen.name} style"
    said = f"{title}: {summary.total_params:,} parameters."
    if summary.fault:
        said = f"{title}. It cannot be built as it is: {summary.fault}"
    lines = _wrapped(one_line(said).split(" "))
    if design.choices:
        changed = [_choice(name, plain(value)) for name, value in design.choices.items()]
        *others, last = changed
        lines += _wrapped(["Changed:", *(f"{one}," for one in others), f"{last}."])
    return [f"# {line}" for line in lines]


def _choice(name: str, value: Any) -> str:
    """Return a choice in words; one with too many to say is seen in the source below."""
    written = one_line(literal(value))
    return f"{name} = {written}" if len(written) <= _LONGEST_CHOICE else name


def _wrapped(words: Iterable[str]) -> list[str]:
    lines, line = [], ""
    for word in words:
        if line and len(line) + 1 + len(word) > _COMMENT_WIDTH:
            lines.append(line)
            line = ""
        line = f"{line} {word}".lstrip()
        while len(line) > _COMMENT_WIDTH:
            lines.append(line[:_COMMENT_WIDTH])
            line = line[_COMMENT_WIDTH:]
    return [*lines, line] if line else lines
