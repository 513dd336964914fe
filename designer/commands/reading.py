"""The design that a command line names."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from designer.design import Design, parse_settings
from designer.errors import DesignError


def design_of(options: argparse.Namespace) -> Design:
    """Return the design a command names."""
    return named(options.design, parse_settings(options.settings))


def named(name: str, given: Mapping[str, Any]) -> Design:
    """Return a design by name: a template, or else a file."""
    if is_file(name):
        return design_file(Path(name)).replace(**given)
    return Design.from_template(name, **given)


def is_file(name: str) -> bool:
    """Return whether a name is meant as a file, not as a template."""
    from designer.templates import templates

    return name not in templates() and (name.endswith(".json") or Path(name).is_file())


def design_file(path: Path) -> Design:
    """Return the design that a file holds; an error names the file."""
    try:
        text = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise DesignError(f"{path}: the design file cannot be read ({reason}).") from None
    try:
        return Design.from_json(text)
    except DesignError as error:
        raise DesignError(f"{path}: {error}", field=error.field, layer=error.layer) from None
