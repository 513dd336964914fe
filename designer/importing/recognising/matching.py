"""Expansions held against a network: a builder that finds layers, parameters that are guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from designer.graph import GraphBuilder
from designer.importing.limits import MOST_STEPS
from designer.importing.recognising.target import Target, kind_of
from designer.templates.parameters import Parameter

Known = dict[str, Any]

#: Starts the names under which it is kept which of several equal layers was taken.
_WHICH = "which layer "


class Mismatch(Exception):
    """The network has no such layer there.

    Attributes:
        block: the block of the group in which it was looked for.
    """

    def __init__(self, block: int = 0) -> None:
        super().__init__()
        self.block = block


class Asked(Exception):
    """A parameter is asked for that is not known.

    Attributes:
        name: the parameter.
        choices: how many there are, where it is one of several equal layers that is asked for.
    """

    def __init__(self, name: str, choices: int = 0) -> None:
        super().__init__()
        self.name = name
        self.choices = choices


class GaveUp(Exception):
    """So much was tried that it is left at that."""


class Steps:
    """Counts the ways and the layers that are tried, so that no network takes for ever.

    Attributes:
        left: how many may still be tried.
        farthest: up to which layer, by its place, a network was understood.
    """

    def __init__(self, most: int = MOST_STEPS) -> None:
        self.left = most
        self.farthest = 0

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise GaveUp


class Guesses(Mapping[str, Any]):
    """The parameters of an expansion, as far as they are known.

    Args:
        known: their values.
        always: names that can be asked for at any time.
        fields: parameters that can be asked for where they apply.
    """

    def __init__(
        self, known: Known, always: frozenset[str], fields: Mapping[str, Parameter]
    ) -> None:
        self._known = known
        self._always = always
        self._fields = fields

    def __getitem__(self, name: str) -> Any:
        if name in self._known:
            return self._known[name]
        if name in self._always:
            raise Asked(name)
        field = self._fields.get(name)
        if field is None or not field.applies(self):
            raise KeyError(name)
        raise Asked(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class Finder(GraphBuilder):
    """Takes the place of the builder of a graph: a layer that is added is looked for in the
    network, and its name there is returned.

    Args:
        target: the network.
        steps: how much may still be tried.
        known: which of several equal layers is to be taken, by earlier guesses.
    """

    def __init__(self, target: Target, steps: Steps, known: Known) -> None:
        super().__init__()
        self._target = target
        self._steps = steps
        self._guessed = known
        self.taken: list[str] = []
        self._taken: set[str] = set()

    def add(
        self, class_name: str, name: str, inputs: str | Sequence[str] = (), **config: Any
    ) -> str:
        """Return the layer of the network that this one is.

        Raises:
            Mismatch: there is none.
            Asked: there are several.
        """
        self._steps.take()
        feeds = (inputs,) if isinstance(inputs, str) else tuple(inputs)
        found = [
            one
            for one in self._target.alike(kind_of(class_name, config, feeds))
            if one not in self._taken
        ]
        if not found:
            raise Mismatch(self._block())
        which = 0
        if len(found) > 1:
            key = f"{_WHICH}{len(self.taken)}"
            if key not in self._guessed:
                raise Asked(key, len(found))
            which = self._guessed[key]
        self.taken.append(found[which])
        self._taken.add(found[which])
        return found[which]

    def _block(self) -> int:
        step = self._path.rpartition("/")[2]
        return int(step[5:]) if step.startswith("block") and step[5:].isdigit() else 0


#: Expands something into a finder with guesses, and returns what came of it.
Run = Callable[[Finder, Guesses], Any]

#: Returns the values that a parameter may have, the likeliest first.
Values = Callable[[str, Known], Sequence[Any]]


def solutions(
    run: Run,
    target: Target,
    steps: Steps,
    known: Known,
    values: Values,
    always: frozenset[str],
    fields: Mapping[str, Parameter],
) -> Iterator[tuple[Any, Known, list[str]]]:
    """Yield every way in which an expansion meets the network.

    Yields:
        what ``run`` returned; the parameters, those it asked for among them; the layers it took.
    """
    waiting = [known]
    while waiting:
        now = waiting.pop()
        steps.take()
        finder = Finder(target, steps, now)
        try:
            result = run(finder, Guesses(now, always, fields))
        except Mismatch:
            continue
        except Asked as asked:
            ways = range(asked.choices) if asked.choices else values(asked.name, now)
            waiting += [{**now, asked.name: value} for value in reversed(ways)]
        else:
            chosen = {name: value for name, value in now.items() if not name.startswith(_WHICH)}
            yield result, chosen, finder.taken


def farthest_block(
    run: Run,
    target: Target,
    steps: Steps,
    known: Known,
    values: Values,
    always: frozenset[str],
    fields: Mapping[str, Parameter],
) -> int:
    """Return the number of the last block that an expansion reaches, with blocks without end."""
    waiting, farthest = [known], 0
    while waiting:
        now = waiting.pop()
        steps.take()
        try:
            run(Finder(target, steps, now), Guesses(now, always, fields))
        except Mismatch as mismatch:
            farthest = max(farthest, mismatch.block)
        except Asked as asked:
            ways = range(asked.choices) if asked.choices else values(asked.name, now)
            waiting += [{**now, asked.name: value} for value in reversed(ways)]
    return farthest
