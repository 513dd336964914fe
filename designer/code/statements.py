"""Straight code: which variable holds what, the way a person names it.

One variable, ``x``, is carried from line to line. Where the way forks, the longer branch goes on
as ``x``; what the other end still needs is kept under a name (``shortcut = x``).
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from designer.code.calls import Call
from designer.code.lines import marked
from designer.graph import Layer

#: What is kept for a layer further down is called after what that layer does with it.
_KEPT_FOR = {"Add": "shortcut", "Concatenate": "before"}


@dataclass
class Operation:
    """One statement to write: a call fed by tensors, which are named after their layers.

    Attributes:
        call: without what it is applied to.
        inputs: the tensors it takes.
        outputs: the tensors it makes.
        label: what a variable of its own would be called.
        class_name: of the layer, where it is one.
        heading: lines before it.
        result: the variable it must have, where it is an output of the network.
        can_return: whether it may stand behind a ``return``.
        places: the layers it makes, in each of its uses.
    """

    call: Call
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    label: str = "y"
    class_name: str = ""
    heading: tuple[str, ...] = ()
    result: str = ""
    can_return: bool = True
    places: Sequence[Sequence[Layer]] = ()

    def lines(self, target: str, sources: Sequence[str], indent: int) -> list[str]:
        """Return its lines; ``target`` is ``x = `` or ``return ``."""
        return self.call.on(sources).lines(target, indent)

    def marked_lines(self, target: str, sources: Sequence[str], indent: int) -> list[str]:
        """Return its lines, which say what they make."""
        return marked(self.lines(target, sources, indent), *self.places)


@dataclass
class Variables:
    """Which variable holds which tensor just now."""

    held: dict[str, str]
    reserved: set[str]

    def fresh(self, wanted: str) -> str:
        """Return ``wanted``, with a number if that variable is taken."""
        taken = self.reserved | set(self.held.values())
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}{number}", number + 1
        return name


def identifier(text: str) -> str:
    """Return a text as a name that Python takes."""
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_").lower()
    if not name or name[0].isdigit() or keyword.iskeyword(name) or keyword.issoftkeyword(name):
        name = f"layer_{name}"
    return name


def straight(
    operations: Sequence[Operation],
    entries: Mapping[str, str],
    results: Sequence[str],
    *,
    reserved: Iterable[str] = (),
    returns: bool = False,
    indent: int = 0,
) -> tuple[list[str], list[str]]:
    """Return the lines of some operations, and the variables that hold the results.

    Args:
        operations: in the order they are run.
        entries: tensors that are there already, with their variables.
        results: tensors that are needed afterwards.
        reserved: names that no variable may take.
        returns: end with ``return`` and the results.
        indent: spaces before every line.
    """
    fixed = {variable for variable in entries.values() if variable != "x"}
    variables = Variables(dict(entries), {*reserved, *(one.result for one in operations)})
    users = _users(operations)
    lengths = _lengths(operations, users)
    lines: list[str] = []
    for place, one in enumerate(operations):
        lines += one.heading
        sources = [variables.held[tensor] for tensor in one.inputs]
        ends_here = place == len(operations) - 1 and [*one.outputs] == [*results]
        if returns and ends_here and len(results) == 1 and one.can_return:
            return [*lines, *one.marked_lines("return ", sources, indent)], []
        later = {t: [user for user in users[t] if user > place] for t in one.inputs}
        done = {t for t in one.inputs if not later[t] and t not in results}
        ends = [variables.held[t] for t in one.inputs if t in done]
        ends = [variable for variable in ends if variable not in fixed]
        for tensor in done:
            variables.held.pop(tensor, None)
        if len(one.outputs) == 1:
            ways = [lengths[user] for user in later[one.inputs[0]]]
            goes_on = lengths[place] > max(ways, default=0)  # of equals, the last goes on
            # What maps are multiplied with is made beside them.
            scaled = any(operations[user].class_name == "Multiply" for user in later[one.inputs[0]])
            goes_on = goes_on and not scaled
            target, kept = _target(one, variables, ends, goes_on)
            if kept:
                name = variables.fresh(_kept_name(operations, later[one.inputs[0]]))
                lines.append(f"{' ' * indent}{name} = x")
                variables.held[one.inputs[0]] = name
            targets = [target]
            variables.held[one.outputs[0]] = target
        else:
            targets = []
            for tensor in one.outputs:
                targets.append(variables.fresh("x" if not targets else "y"))
                variables.held[tensor] = targets[-1]
        lines += one.marked_lines(f"{', '.join(targets)} = ", sources, indent)
    held = [variables.held[tensor] for tensor in results]
    if returns:
        lines.append(f"{' ' * indent}return {', '.join(held)}")
    return lines, held


def _target(
    one: Operation, variables: Variables, ends: Sequence[str], goes_on: bool
) -> tuple[str, bool]:
    """Return the variable of an operation's output, and whether ``x`` is to be kept before.

    Args:
        ends: variables whose tensors nobody needs after this operation.
        goes_on: whether the longest way from its input on is this one.
    """
    if one.result:
        return one.result, False
    free = "x" not in variables.held.values()
    if ends:
        return ("x" if "x" in ends or (free and len(one.inputs) > 1) else ends[0]), False
    if goes_on and free:
        return "x", False
    if goes_on and variables.held.get(one.inputs[0]) == "x":
        return "x", True
    return variables.fresh(one.label), False


def _users(operations: Sequence[Operation]) -> dict[str, list[int]]:
    users: dict[str, list[int]] = {}
    for place, one in enumerate(operations):
        for tensor in one.inputs:
            users.setdefault(tensor, []).append(place)
    return users


def _lengths(operations: Sequence[Operation], users: Mapping[str, Sequence[int]]) -> list[int]:
    """Return, for each operation, how many follow it on the longest way on."""
    lengths = [0] * len(operations)
    for place in range(len(operations) - 1, -1, -1):
        after = (lengths[user] for out in operations[place].outputs for user in users.get(out, ()))
        lengths[place] = 1 + max(after, default=0)
    return lengths


def _kept_name(operations: Sequence[Operation], later: Sequence[int]) -> str:
    for user in later:
        if name := _KEPT_FOR.get(operations[user].class_name):
            return name
        if operations[user].label.startswith("shortcut"):
            return "shortcut"
    return "before"
