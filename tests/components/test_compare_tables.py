"""What the tables and the chart of a comparison show."""

from __future__ import annotations

import pytest

from components import studio
from components.compare_chart import figure
from components.compare_drawings import on_one_scale
from components.compare_sources import sources
from components.compare_tables import MOST_ROWS, layers_data, totals_data
from components.compare_words import plain_text
from designer import Design
from designer.comparing import compare, compare_summaries
from designer.summary import outline
from designer.templates import templates
from tests.components.sessions import session_of

V1 = Design.from_template("resnet50")
V15 = V1.replace(version="v1.5")
BROKEN = Design.from_template("cnn", input_shape=[2, 2, 1])


def test_totals_are_held_against_the_base() -> None:
    summaries = [outline(V1), outline(V15)]
    data = totals_data(["v1", "v1.5"], 1, [compare_summaries(summaries[1], s) for s in summaries])
    assert [column["title"] for column in data["columns"]] == ["Total", "v1", "v1.5, the base"]
    row = next(row for row in data["rows"] if row["cells"][0]["text"] == "Multiply-adds")
    assert row["cells"][1]["note"] == "▼ 231,211,008 less (−5.7%)"
    assert row["cells"][1]["tone"] == "less"
    assert "note" not in row["cells"][2]


def test_what_cannot_be_built_is_not_weighed() -> None:
    summaries = [outline(V1), outline(BROKEN)]
    data = totals_data(["a", "b"], 0, [compare_summaries(summaries[0], s) for s in summaries])
    cell = data["rows"][0]["cells"][2]
    assert cell["text"].endswith(" so far")
    assert (cell["note"], cell["tone"]) == ("not to be compared", "")


def test_layers_that_are_alike_are_one_row_until_all_are_asked_for() -> None:
    compared = compare(V1, V15)
    short = layers_data(compared, (2, 0), all_layers=False)
    kinds = [row["kind"] for row in short["rows"]]
    assert kinds.count("changed") == 12
    assert "same" not in kinds
    assert kinds[0] == "alike"
    assert "41 layers alike, from Stem to Group 2" in short["rows"][0]["cells"][0]["text"]
    first = next(row for row in short["rows"] if row["kind"] == "changed")
    assert first["cells"][1] == {
        "text": "group2_block1_conv1", "code": True, "note": "Conv2D"
    }  # fmt: skip
    assert ["strides", "2 × 2", "1 × 1"] in first["cells"][2]["changes"]
    every = layers_data(compared, (2, 0), all_layers=True)
    assert sum(row["kind"] in ("same", "changed") for row in every["rows"]) == 177


def test_what_only_one_has_says_which() -> None:
    compared = compare(V1, Design.from_template("resnet101"))
    data = layers_data(compared, (1, 3), all_layers=False)
    texts = {row["cells"][0]["text"] for row in data["rows"] if row["kind"] == "only_b"}
    assert texts == {"+ only in D"}


def test_a_table_has_an_end() -> None:
    deep = V1.replace(groups=[{"filters": 4, "blocks": 200}])
    data = layers_data(compare(V1, deep), (0, 1), all_layers=True)
    assert len(data["rows"]) == MOST_ROWS + 1
    assert "rows more" in data["rows"][-1]["cells"][0]["text"]


def test_the_chart_shows_what_can_be_built_among_known_networks() -> None:
    made = figure(["<b>mine</b>", "broken", "v1"], [outline(V15), outline(BROKEN), outline(V1)])
    known, *ours = made.data
    assert [trace.text[0] for trace in ours] == ["A", "C"]
    assert ours[0].customdata[0] == "&lt;b&gt;mine&lt;/b&gt;"
    assert "VGG16" in known.text
    assert "ResNet50" not in known.text, "it is design C"
    assert made.layout.yaxis.type == "log"
    assert figure([], []).data[0].text[0] == "VGG16"


def test_a_small_network_is_drawn_on_the_scale_of_the_large_one() -> None:
    small = Design.from_template("resnet50", input_shape=[56, 56, 3])
    alone = on_one_scale([outline(small)])[0]
    beside, large = on_one_scale([outline(small), outline(V1)])
    heights = [drawing.frames[0].boxes[0].height for drawing in (alone, beside, large)]
    assert heights[0] > 1.9 * heights[1], "alone, it is drawn as large as it may be"
    assert heights[1] == pytest.approx(heights[2] / 2), "sides grow with the root: 56 beside 224"


def test_names_are_shown_as_they_are() -> None:
    assert plain_text("a_b **c** $x$ :red[d] <e>") == (
        r"a\_b \*\*c\*\* \$x\$ \:red\[d\] \<e\>"
    )  # fmt: skip


def test_current_named_earlier_designs_and_templates_can_be_added(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session_of(monkeypatch, studio)
    studio.set_design(V15)
    studio.set_named_designs([("Mine", Design.from_template("dnn", hidden=[7]))])
    first, named, earlier, *others = sources()
    assert (first.design, first.label) == (V15, "Your ResNet50")
    assert (named.kind, named.label, named.design["hidden"]) == ("My designs", "Mine", (7,))
    assert (earlier.kind, earlier.label) == ("State 1", "Opened CNN")
    assert earlier.design == Design.from_template("cnn")
    assert [source.design.template for source in others] == list(templates())
    assert len({source.key for source in sources()}) == 3 + len(others)
