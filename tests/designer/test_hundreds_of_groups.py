"""Designs of hundreds of groups go through everything: a clear answer each time, and soon."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from designer import Design
from designer.code import write_code
from designer.code.errors import CodeError
from designer.comparing import compare
from designer.drawing import DEPTHS, draw
from designer.drawing.svg import standalone_svg
from designer.inspecting import inspect
from designer.layers_csv import layers_csv
from designer.memory import too_many_parameters
from designer.mending import mends
from designer.places import Place
from designer.shares import shares
from designer.summary import Summary, outline
from designer.teaching import Wiring, teach
from designer.templates.blocks import patterns

#: Seconds for one view of one design. Each takes a fraction; what grows with the square of the
#: groups takes many times more.
PATIENCE = 10

GROUPS = 500
MIXED = [
    {"pattern": name, "filters": 16, "blocks": 2}
    for name in [*patterns()] * (GROUPS // len(patterns()) + 1)
][:GROUPS]
RESIDUAL = [{"pattern": "residual", "filters": 16, "blocks": 2, "strides": 1}] * GROUPS

DESIGNS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "every pattern in turn": ("composable", MIXED),
    "residual": ("composable", RESIDUAL),
    "each a little wider": ("composable", [
        {**group, "filters": 8 + place} for place, group in enumerate(RESIDUAL)
    ]),
    "used up late": ("composable", [
        *RESIDUAL[:-2], *[{"pattern": "plain", "filters": 16, "cardinality": 3}] * 2
    ]),
    "plain": ("cnn", [{"filters": 8, "strides": 1, "blocks": 2, "pooling": "none"}] * GROUPS),
    "used up early": ("cnn", [{"filters": 8, "strides": 2}] * GROUPS),
    "a thousand blocks": ("resnet50", [{"blocks": 250}] * 4),
}  # fmt: skip


@pytest.fixture(scope="module", params=list(DESIGNS))
def summary(request: pytest.FixtureRequest) -> Summary:
    name, groups = DESIGNS[request.param]
    return outline(Design.from_template(name, groups=groups))


Answer = TypeVar("Answer")


def soon(do: Callable[[], Answer]) -> Answer:
    begun = time.perf_counter()
    answer = do()
    assert time.perf_counter() - begun < PATIENCE
    return answer


def walk(places: tuple[Place, ...]) -> Iterator[Place]:
    for place in places:
        yield place
        yield from walk(place.children)


def test_it_is_summed_drawn_and_listed(summary: Summary) -> None:
    fresh = Design.from_json(summary.design.to_json())
    assert len(soon(lambda: outline(fresh)).layers) == len(summary.layers)
    for depth in DEPTHS:
        drawing = soon(lambda depth=depth: draw(summary, depth=depth))
        assert soon(lambda drawing=drawing: standalone_svg(drawing)).startswith("<")
    assert soon(lambda: layers_csv(summary)).count("\n") >= len(summary.layers)
    assert soon(lambda: shares(summary))


def test_its_link_opens_it(summary: Summary) -> None:
    query = soon(summary.design.to_query)
    assert soon(lambda: Design.from_query(query)) == (summary.design, ())


def test_every_part_is_taught(summary: Summary) -> None:
    wiring = Wiring(summary)

    def teach_all() -> None:
        for place in walk(summary.sections):
            teaching = teach(place, wiring)
            assert teaching.does
            assert teaching.why

    soon(teach_all)
    sections = summary.sections
    for place in (None, sections[0], sections[len(sections) // 2], sections[-1]):
        assert soon(lambda place=place: inspect(summary, place))


def test_it_is_mended_or_has_nothing_to_mend(summary: Summary) -> None:
    found = soon(lambda: mends(summary))
    assert bool(found) == bool(summary.fault or too_many_parameters(summary))
    for mend in found:
        assert outline(summary.design.replace(**mend.changes)).fault is None


@pytest.mark.parametrize("style", ["functional", "reuse"])
def test_its_code_is_written(summary: Summary, style: str) -> None:
    if summary.fault is None:
        compile(soon(lambda: write_code(summary.design, style)), "design.py", "exec")


def test_where_a_style_cannot_say_it_the_refusal_is_short(summary: Summary) -> None:
    if summary.fault is None and any(len(layer.inputs) > 1 for layer in summary.layers):
        with pytest.raises(CodeError, match="Sequential is one chain") as caught:
            write_code(summary.design, "add")
        assert len(str(caught.value)) < 500


def test_it_is_compared(summary: Summary) -> None:
    groups = [dict(group) for group in summary.design["groups"]]
    fewer = summary.design.replace(groups=groups[: len(groups) // 2])
    assert soon(lambda: compare(summary.design, fewer)).to_dict()
    assert soon(lambda: compare(summary.design, summary.design)).to_dict()
