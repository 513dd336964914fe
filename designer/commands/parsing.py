"""How a command and its arguments are declared."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import NoReturn, Protocol

Action = Callable[[argparse.Namespace], int]

#: How a design is named on the command line.
A_DESIGN = "a template's name or a design file"


class CommandParser(argparse.ArgumentParser):
    """Answers bad input with one line."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} (see {self.prog} --help)", file=sys.stderr)
        sys.exit(2)


class Declare(Protocol):
    """Declares a command, and returns its parser for arguments of its own."""

    def __call__(
        self, name: str, action: Action, help: str, *, design: bool = False
    ) -> CommandParser: ...


def declaring(parser: CommandParser) -> Declare:
    """Return the function by which the commands of a parser are declared.

    Every command can print JSON; one of a ``design`` takes its name and settings.
    """
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=CommandParser)

    def declare(name: str, action: Action, help: str, *, design: bool = False) -> CommandParser:
        made = commands.add_parser(name, help=help, description=help)
        made.set_defaults(command=action)
        made.add_argument("--json", action="store_true", help="print JSON")
        if design:
            made.add_argument("design", help=A_DESIGN)
            add_settings(
                made,
                "--set",
                "a parameter of the template; JSON where it parses as JSON, else text",
            )
        return made

    return declare


def add_settings(parser: CommandParser, flag: str, help: str) -> None:
    """Let a command take ``flag NAME=VALUE``, as often as wanted."""
    name = flag.lstrip("-").replace("-", "_").replace("set", "settings", 1)
    parser.add_argument(
        flag, dest=name, action="append", default=[], metavar="NAME=VALUE", help=help
    )
