"""The compared designs of a session: added, moved, renamed, in a link and out of it."""

from __future__ import annotations

import base64
import zlib
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components import comparison, studio
from designer import Design

CNN, VGG = Design.from_template("cnn"), Design.from_template("vgg16")


class _Session(dict[str, Any]):
    """Streamlit's session and query, as plain as they can be."""


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    made = SimpleNamespace(session_state=_Session(), query={})
    query = SimpleNamespace(
        to_dict=lambda: dict(made.query),
        from_dict=lambda wanted: made.query.update(wanted),
    )
    fake = SimpleNamespace(session_state=made.session_state, query_params=query)
    monkeypatch.setattr(comparison, "st", fake)
    monkeypatch.setattr(studio, "st", fake)
    return made


def opened(session: SimpleNamespace, query: dict[str, str]) -> None:
    """Open a link as a new person."""
    session.session_state.clear()
    session.query = query


def labels() -> list[str]:
    return [entry.label for entry in comparison.entries()]


def test_up_to_four_are_compared(session: SimpleNamespace) -> None:
    assert comparison.entries() == ()
    assert comparison.base() is None
    assert all(comparison.add(CNN) for _ in range(4))
    assert labels() == ["CNN", "CNN (2)", "CNN (3)", "CNN (4)"]
    assert comparison.is_full()
    assert not comparison.add(VGG)
    assert len(comparison.entries()) == 4


def test_the_base_stays_the_same_design_wherever_it_moves(session: SimpleNamespace) -> None:
    for design, name in ((CNN, "one"), (VGG, "two"), (CNN, "three")):
        comparison.add(design, name)
    one, two, three = comparison.entries()
    assert comparison.base() == one
    comparison.move(one.number, 1)
    assert labels() == ["two", "one", "three"]
    assert comparison.base() == one
    comparison.make_base(three.number)
    comparison.move(three.number, 1)  # it is the last already
    assert labels() == ["two", "one", "three"]
    comparison.remove(three.number)
    assert comparison.base() == two
    assert comparison.letter(one) == "B"


def test_names_are_one_line_and_not_too_long(session: SimpleNamespace) -> None:
    comparison.add(CNN, "mine\n  of   today")
    (entry,) = comparison.entries()
    assert entry.label == "mine of today"
    comparison.rename(entry.number, "x" * 500)
    assert len(labels()[0]) == comparison.LONGEST_LABEL
    comparison.rename(entry.number, "  ")
    assert labels() == ["CNN"]


def test_a_design_names_itself_by_what_was_chosen(session: SimpleNamespace) -> None:
    v2 = Design.from_template("resnet50", version="v2")
    comparison.add(v2)
    comparison.add(v2.replace(input_shape=[64, 64, 3], epsilon=0.01))
    comparison.add(v2)
    assert labels() == [
        "ResNet50, version v2",
        "ResNet50, other input, version v2, …",
        "ResNet50, version v2 (2)",
    ]
    assert "n1" not in comparison.to_query()


def test_a_link_restores_the_comparison(session: SimpleNamespace) -> None:
    for design, name in ((CNN.replace(hidden=[7, 8]), "Mine & yours = 5?"), (VGG, ""), (CNN, "")):
        comparison.add(design, name)
    comparison.make_base(comparison.entries()[1].number)
    kept = comparison.entries()
    query = comparison.to_query()
    assert set(query) == {"c1", "n1", "c2", "c3", "base"}
    opened(session, query)
    assert [(e.design, e.label) for e in comparison.entries()] == [
        (e.design, e.label) for e in kept
    ]
    held = comparison.base()
    assert held is not None
    assert comparison.letter(held) == "B"
    assert comparison.notes() == ()
    assert comparison.to_query() == query


def test_the_address_holds_the_sessions_own_design_too(session: SimpleNamespace) -> None:
    studio.current_design()
    studio.set_design(VGG)
    comparison.add(CNN)
    comparison.keep_in_address()
    assert session.query == {"template": "vgg16", "c1": "template=cnn"}
    opened(session, session.query)
    assert studio.current_design() == VGG
    assert studio.notes() == ()


def test_bad_parts_of_a_link_are_told_and_the_rest_is_kept(session: SimpleNamespace) -> None:
    opened(session, {"c1": "template=resnet5", "c2": "template=cnn&hidden=many", "base": "Z"})
    assert [entry.design for entry in comparison.entries()] == [CNN]
    first, second, third = comparison.notes()
    assert "Design 1 of the link could not be opened: There is no template 'resnet5'" in first
    assert "Design 2 of the link: hidden: received 'many'" in second
    assert third.startswith("base: received 'Z'")


def test_a_design_of_too_many_layers_is_left_out(
    session: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("designer.graph.MOST_LAYERS", 10)
    assert comparison.add(CNN)
    assert not comparison.add(Design.from_template("vgg16", hidden=[5]), "Deep")
    assert comparison.notes()[0].startswith("Deep was left out: groups: this design has more than")
    opened(session, {"c1": "template=resnet50&version=v2", "c2": "template=cnn"})
    assert labels() == ["CNN"]
    assert "was left out" in comparison.notes()[0]


def test_a_pasted_link_adds_its_designs(session: SimpleNamespace) -> None:
    comparison.add_link("https://example.org/app/?template=cnn&hidden=%5B3%5D&run=abc")
    assert [entry.design for entry in comparison.entries()] == [CNN.replace(hidden=[3])]
    comparison.add_link("http://x/compare?c1=template%3Dvgg16&n1=Wide&c2=template%3Dcnn")
    assert labels() == ["CNN, other hidden layers", "Wide", "CNN"]
    comparison.add_link("?c1=template%3Dvgg16&c2=template%3Dcnn")
    assert comparison.is_full()
    assert "Only 4 designs fit" in comparison.notes()[0]
    comparison.add_link("what is this")
    assert "no link" in comparison.notes()[0]


def packed(text: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip("=")


texts = st.text(max_size=30) | st.sampled_from(
    ["template=cnn", "template=", "template=cnn&groups=[[[", "A", "", "%", "template=dnn&x=1",
     f"template=cnn&packed={packed(b' ' * 20_000_000)}", "template=cnn&packed=%%%",
     f"template=cnn&packed={packed(b'[' * 9_000)}", f"template=dnn&packed={packed(b'{}')[:-4]}",
     'template=composable&groups=[{"pattern":"dense","cardinality":3}]',
     'template=composable&groups=[{"pattern":"no"},{"pattern":"plain","expansion":6}]']
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(studio.BESIDE)), texts))
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_a_link_holds_the_page_opens(
    session: SimpleNamespace, query: dict[str, str]
) -> None:
    opened(session, query)
    known = comparison.entries()
    assert len(known) <= comparison.MOST
    assert (comparison.base() in known) == bool(known)
    again = comparison.to_query()
    opened(session, again)
    assert [entry.design for entry in comparison.entries()] == [entry.design for entry in known]
