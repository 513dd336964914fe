"""What scripts and help are told of a template."""

from __future__ import annotations

import json

import pytest

from designer import Design
from designer.describing import describe_template
from designer.templates import templates

KEYS = {"name", "title", "summary", "source", "parameters"}
PARAMETER_KEYS = {"name", "label", "help", "section", "default", "works"}


@pytest.mark.parametrize("known", templates().values(), ids=list(templates()))
def test_a_template_is_described_wholly_and_in_json(known) -> None:
    told = describe_template(known)
    assert set(told) == KEYS
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["summary"].endswith(".")
    assert [one["name"] for one in told["parameters"]] == [one.name for one in known.parameters]
    for parameter in told["parameters"]:
        assert set(parameter) == PARAMETER_KEYS
        assert parameter["works"]
        assert parameter["help"].endswith(".")


@pytest.mark.parametrize("known", templates().values(), ids=list(templates()))
def test_the_defaults_told_are_the_design(known) -> None:
    design = Design.from_template(known.name)
    defaults = {one["name"]: one["default"] for one in describe_template(known)["parameters"]}
    assert defaults == design.to_dict()["parameters"]
