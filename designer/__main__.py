"""The command line: ``python -m designer``. Thin; the commands are in ``designer/commands``."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from designer.commands import MODULES
from designer.commands.parsing import CommandParser, declaring
from designer.errors import DesignerError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 1 for a run that failed, 2 for bad input."""
    options = _parser().parse_args(arguments)
    # What a library logs is for files; a person gets one line, from below.
    logging.getLogger("designer").addHandler(logging.NullHandler())
    logging.getLogger("designer").propagate = False
    try:
        return options.command(options)
    except DesignerError as error:
        print(f"designer: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader had enough (| head)
        sys.stdout = None  # type: ignore[assignment]
        return 0


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="designer", description="Design, count, build, train and export neural networks."
    )
    declare = declaring(parser)
    for module in MODULES:
        module.add(declare)
    return parser


if __name__ == "__main__":
    sys.exit(main())
