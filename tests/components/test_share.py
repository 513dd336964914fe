"""What the Share menus' script is told."""

from __future__ import annotations

from urllib.parse import parse_qsl

from components import studio
from components.share import share_data
from designer import links


def test_the_link_is_the_address_without_what_stands_beside_the_design() -> None:
    data = share_data("This link", without=studio.BESIDE)
    assert data["query"] is None
    assert set(data["without"]) == {"run", "base", "c1", "c2", "c3", "c4", "n1", "n2", "n3", "n4"}
    assert data["longest"] == links.LONGEST
    assert "save the design as a file" in data["warning"]


def test_a_query_that_is_known_is_told_as_it_is() -> None:
    query = {"c1": "template=dnn&hidden=[3]", "base": "A"}
    assert dict(parse_qsl(share_data("It", query=query)["query"])) == query
