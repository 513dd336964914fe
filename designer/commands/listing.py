"""``templates`` and ``datasets``: what there is."""

from __future__ import annotations

import argparse
import json

from designer.commands.parsing import Declare


def add(declare: Declare) -> None:
    """Declare the commands."""
    declare("templates", _templates, "List the templates and their parameters.")
    declare("datasets", _datasets, "List the data sets.")


def _templates(options: argparse.Namespace) -> int:
    from designer.describing import describe_template
    from designer.templates import templates

    known = [describe_template(template) for template in templates().values()]
    if options.json:
        print(json.dumps(known, ensure_ascii=False))
        return 0
    for template in known:
        print(f"{template['name']:<10} {template['summary']}")
        for parameter in template["parameters"]:
            print(f"    {parameter['name']:<20} {parameter['help']}")
            print(f"    {'':<20} default {json.dumps(parameter['default'])}; {parameter['works']}")
    return 0


def _datasets(options: argparse.Namespace) -> int:
    from designer.datasets import CATALOGUE

    if options.json:
        print(json.dumps([info.to_dict() for info in CATALOGUE.values()], ensure_ascii=False))
        return 0
    for info in CATALOGUE.values():
        where = "" if info.embedded else f"; downloads {info.download_mb:g} MB"
        tasks = ", ".join(info.task_names)
        print(f"{info.name:<20} {info.examples:>6,} examples; {tasks}{where}")
        print(f"{'':<20} {info.description}")
    return 0
