"""A link restores the exact design, however large, and bears whatever happens to it."""

from __future__ import annotations

import base64
import zlib
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer import Design, DesignError, links
from designer.templates import templates
from tests.designer.random_designs import designs


def through_an_address(design: Design) -> tuple[Design, tuple[str, ...]]:
    address = urlencode(design.to_query())
    return Design.from_query({name: values[-1] for name, values in parse_qs(address).items()})


@pytest.mark.parametrize("name", list(templates()))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_link_restores_the_exact_design(name: str, data: st.DataObject) -> None:
    design = data.draw(designs(name))
    assert through_an_address(design) == (design, ())


def test_a_design_of_hundreds_of_groups_fits_into_a_link() -> None:
    groups = [{"filters": 1 + 7 * i % 509, "blocks": 1 + i % 2} for i in range(300)]
    design = Design.from_template("cnn", groups=groups)
    query = design.to_query()
    assert set(query) == {"template", "packed"}
    assert len(urlencode(query)) < links.LONGEST
    assert through_an_address(design) == (design, ())


def test_a_short_link_is_written_in_words() -> None:
    assert Design.from_template("dnn", hidden=[7]).to_query() == {
        "template": "dnn",
        "hidden": "[7]",
    }


def packed(text: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip("=")


@pytest.mark.parametrize(
    "part",
    ["", "x", "x" * 99, "é", "%%%", packed(b"7"), packed(b"{"), packed(b'{"hidden":[7]}'),
     packed(b'{"hidden":"[7]"}')[:-6], packed(b"[" * 5000), packed(b" " * 50_000_000)],
)  # fmt: skip
def test_a_damaged_link_says_so(part: str) -> None:
    with pytest.raises(DesignError, match="damaged or cut short") as caught:
        Design.from_query({"template": "dnn", "packed": part})
    assert caught.value.field == "packed"


@given(st.text(max_size=60))
def test_no_packed_text_is_a_traceback(part: str) -> None:
    try:
        design, _ = Design.from_query({"template": "dnn", "packed": part})
    except DesignError:
        return
    assert design.template == "dnn"
