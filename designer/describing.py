"""Templates and their parameters in words and JSON: for scripts, documentation and help."""

from __future__ import annotations

from typing import Any

from designer.design import Design, plain
from designer.templates import Template


def describe_template(known: Template) -> dict[str, Any]:
    """Return what can be known of a template without building it, as JSON values."""
    defaults = Design.from_template(known.name).parameters
    return {
        "name": known.name,
        "title": known.title,
        "summary": known.summary,
        "source": known.source,
        "parameters": [
            {
                "name": parameter.name,
                "label": parameter.label,
                "help": parameter.help,
                "section": parameter.section,
                "default": plain(defaults[parameter.name]),
                "works": parameter.works(defaults),
            }
            for parameter in known.parameters
        ],
    }
