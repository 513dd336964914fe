"""``diff``: how two designs differ."""

from __future__ import annotations

import argparse
import json

from designer.commands.parsing import A_DESIGN, Declare, add_settings
from designer.commands.reading import named
from designer.design import parse_settings


def add(declare: Declare) -> None:
    """Declare the command."""
    diff = declare("diff", _diff, "How two designs differ: in words, totals and layers.")
    for letter in ("a", "b"):
        diff.add_argument(letter, metavar=letter.upper(), help=A_DESIGN)
    for flag, which in (("", "both designs"), ("-a", "A alone"), ("-b", "B alone")):
        add_settings(diff, f"--set{flag}", f"a parameter of {which}")


def _diff(options: argparse.Namespace) -> int:
    from designer.comparing import compare
    from designer.comparing.printing import to_text

    designs, names = [], []
    for name, own in ((options.a, options.settings_a), (options.b, options.settings_b)):
        settings = [*options.settings, *own]
        designs.append(named(name, parse_settings(settings)))
        names.append(" ".join([name, *settings]))
    comparison = compare(*designs)
    print(json.dumps(comparison.to_dict()) if options.json else to_text(comparison, names))
    return 0
