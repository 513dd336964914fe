"""``code``: a design as Keras code."""

from __future__ import annotations

import argparse
import json

from designer.commands.parsing import Declare
from designer.commands.reading import design_of
from designer.summary import summarize


def add(declare: Declare) -> None:
    """Declare the command."""
    code = declare("code", _code, "A design as runnable Keras code.", design=True)
    code.add_argument("--style", default="functional", help="add, list, functional or reuse")
    code.add_argument("--activations", help="argument or layer; without it, as the design has them")
    code.add_argument("--notebook", action="store_true", help="a notebook that trains it")


def _code(options: argparse.Namespace) -> int:
    from designer.code import write_code, write_notebook

    design = design_of(options)
    summarize(design)
    write = write_notebook if options.notebook else write_code
    source = write(design, options.style, options.activations)
    if options.json:
        print(json.dumps({"style": options.style, "source": source}, ensure_ascii=False))
    else:
        print(source.rstrip("\n"))
    return 0
