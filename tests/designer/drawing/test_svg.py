"""The drawing as SVG: well-formed, escaped, a tree on the page, and a file of its own."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from designer.__main__ import main
from designer.drawing import DEPTHS, Drawing, Frame, draw
from designer.drawing.ink import ACCENT, PAPER, SOFT, TEXT
from designer.drawing.svg import standalone_svg, to_svg
from designer.templates import templates
from tests.designer.drawing.networks import summary_of

SVG = "{http://www.w3.org/2000/svg}"


def drawing_of(name: str, depth: str = "blocks", **parameters: object) -> Drawing:
    return draw(summary_of(name, **parameters), depth=depth)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", list(templates()))
def test_the_picture_is_well_formed_and_finite(name: str, depth: str) -> None:
    drawing = drawing_of(name, depth)
    for svg in (to_svg(drawing), standalone_svg(drawing)):
        root = ElementTree.fromstring(svg)
        assert not re.search(r'="[^"]*\b(nan|inf)\b[^"]*"', re.sub(r'aria-label="[^"]*"', "", svg))
        width, height = (float(part) for part in root.get("viewBox", "").split()[2:])
        assert math.isfinite(width * height)


def test_the_page_gets_a_tree_in_reading_order() -> None:
    drawing = drawing_of("resnet50", "layers")
    root = ElementTree.fromstring(to_svg(drawing, selected="group1_block2_conv1"))
    items = [item for item in root.iter("g") if item.get("role") == "treeitem"]
    assert len(items) == 177 + 16 + 6, "layers, blocks and sections"
    keys = [item.get("data-key") for item in items]
    assert keys[0] == "stem"
    assert keys.index("group1") < keys.index("group1/block1") < keys.index("group1_block1_conv1")
    known = set(keys) | {""}
    for item in items:
        assert item.get("aria-label")
        assert item.get("data-parent") in known
        assert item.get("aria-level") in {"1", "2", "3"}
    (selected,) = [item for item in items if item.get("aria-selected") == "true"]
    assert selected.get("data-key") == "group1_block2_conv1"
    assert selected.get("data-parent") == "group1/block2"


def test_captions_and_skips_are_in_it() -> None:
    svg = to_svg(drawing_of("resnet34"))
    for caption in ("Stem", "Group 1 · 2 blocks", "7 × 7 × 512", "1,000 numbers"):
        assert f">{caption}</text>" in svg
    assert 'class="skip"' in svg
    assert 'class="skip"' not in to_svg(drawing_of("vgg16"))


def test_units_are_circles() -> None:
    assert to_svg(drawing_of("dnn")).count("<circle") == 13 + 10 + 10 + 1
    assert "<circle" not in to_svg(drawing_of("dnn", hidden=[500], input_shape=[500], outputs=50))


@pytest.mark.parametrize("depth", DEPTHS)
def test_what_is_wrong_is_marked_where_it_stands(depth: str) -> None:
    drawing = drawing_of("cnn", depth, input_shape=[2, 2, 1])
    svg = to_svg(drawing)
    assert len(re.findall(r'class="box \w+ hue-fault fault"', svg)) == 1
    assert 'class="frame fault"' in svg
    assert "⚠ group1_pool</text>" in svg
    assert 'class="flow dashed"' in svg
    assert "⚠ group1_pool</text>" in standalone_svg(drawing)
    assert "fault" not in to_svg(drawing_of("cnn", depth))


def test_text_is_escaped() -> None:
    drawing = drawing_of("dnn")
    frame = drawing.frames[0]
    box = replace(frame.boxes[0], title="<script>&", fault='"><img src=x>', label="<i>")
    captions = ("<b>&</b>", "", "")
    nasty = replace(
        drawing,
        frames=(replace(frame, captions=captions, parts=(box,)), *drawing.frames[1:]),
        description='a "quoted" <description>',
    )
    for svg in (to_svg(nasty), standalone_svg(nasty, title='<"title">')):
        ElementTree.fromstring(svg)
        assert not re.search("<(script|img|b|i)>", svg)
    root = ElementTree.fromstring(standalone_svg(nasty, title='<"title">'))
    assert root.findtext(f"{SVG}title") == '<"title">'
    assert root.findtext(f"{SVG}desc") == 'a "quoted" <description>'


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_file_needs_nothing_around_it(depth: str) -> None:
    svg = standalone_svg(drawing_of("resnet50", depth), title="ResNet50")
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == "ResNet50"
    assert "sans-serif" in (root.get("font-family") or "")
    assert "class=" not in svg
    assert "var(" not in svg
    assert "href" not in svg
    painted = [*root.iter(f"{SVG}rect"), *root.iter(f"{SVG}path"), *root.iter(f"{SVG}circle")]
    assert all(shape.get("fill") for shape in painted)


def test_a_file_has_the_colours_of_the_light_theme() -> None:
    config = (Path(__file__).resolve().parents[3] / ".streamlit/config.toml").read_text()
    light = config.partition("[theme.light]")[2].partition("[theme.dark]")[0]
    for name, colour in (
        ("primaryColor", ACCENT),
        ("backgroundColor", PAPER),
        ("secondaryBackgroundColor", SOFT),
        ("textColor", TEXT),
    ):
        assert f'{name} = "{colour}"' in light


def test_open_blocks_are_named() -> None:
    drawing = drawing_of("resnet50", "layers")
    blocks = [part for frame in drawing.frames for part in frame.parts if isinstance(part, Frame)]
    assert len(blocks) == 16
    assert ">Group 3 · Block 6</text>" in standalone_svg(drawing)


# --- the command ------------------------------------------------------------------------------


def test_the_command_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "net.svg"
    arguments = ["draw", "cnn", "--set", "classes=4", "--out", str(out), "--depth", "layers"]
    assert main([*arguments, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {"path": str(out), "bytes": out.stat().st_size, "depth": "layers"}
    assert "4 numbers" in out.read_text()
    assert main(arguments) == 0
    assert str(out) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["draw", "cnn", "--out", "x.png"], "a name that ends in .svg works"),
        (["draw", "cnn", "--out", "x.svg", "--depth", "deep"], "groups, blocks, layers work"),
        (["draw", "cn", "--out", "x.svg"], "Did you mean 'cnn'?"),
        (["draw", "cnn", "--out", "/nowhere/x.svg"], "cannot be written"),
    ],
)
def test_the_command_says_what_is_wrong(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err
