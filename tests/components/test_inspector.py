"""What the inspector sends to the page."""

from __future__ import annotations

import json

import pytest

from components.inspector import inspector_data, write_share
from designer import Design
from designer.places import nearest
from designer.summary import outline
from designer.templates import templates


@pytest.mark.parametrize("name", templates())
def test_every_place_can_be_sent_and_is_light(name: str) -> None:
    summary = outline(Design.from_template(name))
    places = [place for section in summary.sections for place in section.walk()]
    for place in [None, *places]:
        assert len(json.dumps(inspector_data(summary, place))) < 5_000


def test_shares_are_written_with_the_colour_of_the_part() -> None:
    summary = outline(Design.from_template("vgg16"))
    data = inspector_data(summary, nearest(summary.sections, "hidden1"))
    assert data["role"] == "task"
    assert data["figures"][0]["share_text"] == "74%"
    assert inspector_data(summary, None)["figures"][0]["share_text"] == ""
    assert inspector_data(summary, summary.sections[3])["step"] == 3


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"), (1e-6, "under 0.1%"), (0.003, "0.3%"), (0.0996, "10%"), (0.7428, "74%"),
        (0.997, "over 99%"), (1, "100%"),
    ],
)  # fmt: skip
def test_writing_a_share(share: float, text: str) -> None:
    assert write_share(share) == text
