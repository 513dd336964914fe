"""Values as source: what is written is read back as the same, and nothing else is run."""

from __future__ import annotations

import ast
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.code.literals import Code, joined, literal, one_line
from designer.code.statements import identifier

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple)
    | st.dictionaries(st.text(), inner, max_size=2),
)  # fmt: skip


@given(VALUES)
def test_a_literal_is_read_back_as_the_value(value) -> None:
    assert ast.literal_eval(literal(value)) == value


@given(st.text(), st.text())
def test_an_f_string_holds_any_text(before, after) -> None:
    name = "group1"
    source = joined(before, Code("name"), after)
    assert isinstance(source, Code)
    assert eval(source, {"name": name, "__builtins__": {}}) == before + name + after


@given(st.text())
def test_a_comment_is_one_line(text) -> None:
    assert len(one_line(text).splitlines()) <= 1


@given(st.text())
def test_an_identifier_is_one(text) -> None:
    name = identifier(text)
    assert name.isidentifier()
    compile(f"{name} = 1", "source", "exec")


def test_what_python_has_no_literal_for() -> None:
    assert eval(literal(math.inf)) == math.inf
    with pytest.raises(TypeError, match="object"):
        literal(object())


def test_strings_are_in_double_quotes() -> None:
    assert literal("same") == '"same"'
    assert literal((3, 3)) == "(3, 3)"
    assert literal((3,)) == "(3,)"
