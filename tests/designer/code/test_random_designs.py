"""Every style of random designs of every template, read back as a graph."""

from __future__ import annotations

import ast

import pytest
from code_checks import check_source
from hypothesis import given, settings
from hypothesis import strategies as st
from random_designs import designs
from recording import as_read, record

from designer.code import styles, why_not, write_code
from designer.code.activations import with_activations
from designer.templates import templates

WAYS = (None, "argument", "layer")


def check(design, activations) -> None:
    graph = with_activations(design.graph, activations)
    layers, outputs = as_read(graph)
    for style in styles():
        if why_not(design, style):
            continue
        source = write_code(design, style, activations)
        check_source(source)
        read, ends = record(source)
        assert read == layers, style
        assert list(read) == list(layers), style  # so weights are in the same order
        assert ends == outputs, style


@pytest.mark.parametrize("template", templates())
def test_random_designs(template: str) -> None:
    @settings(max_examples=25)
    @given(designs(template, small=True), st.sampled_from(WAYS))
    def run(design, activations):
        check(design, activations)

    run()


@pytest.mark.exhaustive
@pytest.mark.parametrize("template", templates())
def test_many_random_designs(template: str) -> None:
    @settings(max_examples=400)
    @given(designs(template, small=True), st.sampled_from(WAYS))
    def run(design, activations):
        check(design, activations)

    run()


def test_the_check_sees_a_difference() -> None:
    source = "import keras\nfrom keras import layers\nfoo = 1\n"
    with pytest.raises(AssertionError):
        check_source(source.replace("foo = 1", "def f(x, foo):\n    return x"))
    assert ast.parse(source)
