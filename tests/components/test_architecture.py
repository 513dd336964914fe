"""The drawing as SVG: well-formed, escaped, and one picture for every design."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from components.architecture import to_svg
from designer import Design
from designer.drawing import draw
from designer.summary import outline
from designer.templates import templates


def svg_of(name: str, **parameters: object) -> str:
    return to_svg(draw(outline(Design.from_template(name, **parameters))))


@pytest.mark.parametrize("name", list(templates()))
def test_the_picture_is_well_formed_and_finite(name: str) -> None:
    svg = svg_of(name)
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label", "").startswith(f"Architecture of {name}")
    assert not re.search(r"\b(nan|inf)\b", svg.split("aria-label")[0] + svg.split(">", 1)[1])
    width, height = (float(part) for part in root.get("viewBox", "").split()[2:])
    assert math.isfinite(width * height)
    for node in root.iter("rect"):
        assert 0 <= float(node.get("x", "")) <= width
        assert float(node.get("width", "")) > 0
        assert float(node.get("height", "")) > 0


def test_every_group_is_captioned() -> None:
    svg = svg_of("resnet34")
    for caption in ("Stem", "Group 1 · 2 blocks", "7 × 7 × 512", "1,000 numbers"):
        assert f">{caption}</text>" in svg
    assert 'class="skip"' in svg


def test_few_units_are_drawn_one_by_one_with_their_connections() -> None:
    svg = svg_of("dnn")
    assert svg.count("<circle") == 13 + 10 + 10 + 1
    assert svg.count('class="connection"') == 13 * 10 + 10 * 10 + 10
    assert "<circle" not in svg_of("dnn", hidden=[500], input_shape=[500], outputs=50)


def test_what_is_wrong_is_marked_where_it_stands() -> None:
    svg = svg_of("cnn", input_shape=[2, 2, 1])
    ElementTree.fromstring(svg)
    assert len(re.findall(r'class="box role-\w+ fault"', svg)) == 1
    assert 'class="frame fault"' in svg
    assert "fault" not in svg_of("cnn")


def test_text_is_escaped() -> None:
    drawing = draw(outline(Design.from_template("dnn")))
    frame = drawing.frames[0]
    box = replace(frame.boxes[0], title="<script>&", fault='"><img src=x>')
    nasty = replace(
        drawing,
        frames=(replace(frame, captions=("<b>&</b>",), boxes=(box,)), *drawing.frames[1:]),
        description='a "quoted" <description>',
    )
    svg = to_svg(nasty)
    assert "<script>" not in svg
    assert "<img" not in svg
    assert "<b>" not in svg
    root = ElementTree.fromstring(svg)
    assert root.get("aria-label") == 'a "quoted" <description>'
