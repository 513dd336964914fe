"""Networks of groups: which parameters of ``composable`` expand to a network.

Group after group is looked for behind the layer where the one before it ended, and where there
are several ways to go on they are all tried, each place only once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from designer.importing.recognising.matching import (
    Finder,
    GaveUp,
    Guesses,
    Known,
    Run,
    Steps,
    Values,
    farthest_block,
    solutions,
)
from designer.importing.recognising.target import Target
from designer.importing.recognising.values import group_values, network_values
from designer.templates import shared_layers, template
from designer.templates.blocks import Maps, Pattern, patterns
from designer.templates.composable import group_fields
from designer.templates.composing import STEMS, add_task, normalize_and_activate
from designer.templates.groups import MOST_BLOCKS
from designer.templates.parameters import Parameter

COMPOSABLE = "composable"

#: What may follow a group: see ``composing``, which normalizes what pre-activated groups leave.
_ANY, _PRE_ACTIVATED, _OTHER, _NOTHING = "any", "pre_activated", "other", "nothing"

_ENDING = "ending"


class _State(NamedTuple):
    """How far a network is understood.

    Attributes:
        layer: the last layer of what is.
        network: the parameters of the network that are known.
        groups: the groups so far.
        next: what may follow.
    """

    layer: str
    network: tuple[tuple[str, Any], ...]
    groups: tuple[Known, ...]
    next: str


class _Ended(NamedTuple):
    """A group that was found: the layer it ends in, what is known of the network then, the
    group's own parameters, and what may follow."""

    layer: str
    network: tuple[tuple[str, Any], ...]
    group: Known
    next: str


def compositions(target: Target, steps: Steps) -> Iterator[Known]:
    """Yield parameters of ``composable`` that expand to the network: a way or two for each kind
    of stem, with the simplest patterns looked for first, or the richest.

    What was found so far is all there is when too much has been tried.
    """
    known_groups = _Replayed()
    try:
        for stem in ("none", *STEMS):
            for kinds in (tuple(patterns().values()), tuple(reversed(patterns().values()))):
                search = _Search(target, steps, stem, kinds, known_groups)
                found = next(search.run(), None)
                if found is None:
                    break
                yield found
    except GaveUp:
        return


class _Replayed:
    """What was found of the groups that may stand at a place, for the next one who asks."""

    def __init__(self) -> None:
        self._known: dict[Any, tuple[list[Any], Iterator[Any]]] = {}

    def all(self, key: Any, find: Callable[[], Iterator[_Ended]]) -> Iterator[_Ended]:
        """Yield what ``find`` yields, which is asked only as far as nobody has asked before."""
        if key not in self._known:
            self._known[key] = [], find()
        found, more = self._known[key]
        number = 0
        while True:
            if number == len(found):
                try:
                    found.append(next(more))
                except StopIteration:
                    return
            yield found[number]
            number += 1


class _Search:
    """Looks for a network behind one kind of stem.

    Args:
        kinds: the patterns, in the order in which they are tried.
    """

    def __init__(
        self,
        target: Target,
        steps: Steps,
        stem: str,
        kinds: tuple[Pattern, ...],
        known_groups: _Replayed,
    ) -> None:
        self._target = target
        self._steps = steps
        self._stem = stem
        self._kinds = kinds
        self._known_groups = known_groups
        self._fields: dict[str, Parameter] = {one.name: one for one in group_fields()}
        self._network = network_values(target)
        self._always = frozenset(
            parameter.name
            for parameter in template(COMPOSABLE).parameters
            if parameter.name not in ("groups", "stem", "input_shape")
        )
        self._seen: set[tuple[str, tuple[tuple[str, Any], ...], str]] = set()

    def run(self) -> Iterator[Known]:
        """Yield the parameters of every way that was found."""
        ways = [self._starts()]
        while ways:
            state = next(ways[-1], None)
            if state is None:
                ways.pop()
                continue
            reached = self._target.place[state.layer]
            self._steps.farthest = max(self._steps.farthest, reached if state.groups else 0)
            if state.groups and (ended := self._end(state)) is not None:
                yield ended
            if state.next != _NOTHING:
                ways.append(self._groups(state))

    def _solve(
        self, run: Run, known: Known, values: Values, start: str, before: Sequence[str] = ()
    ) -> Iterator[tuple[Any, Known]]:
        """Yield the ways in which an expansion takes every layer up to the one it ends in."""
        for result, found, taken in solutions(
            run, self._target, self._steps, known, values, self._always, self._fields
        ):
            last = result.layer if isinstance(result, Maps) else result[0]
            first = self._target.place[start] if start else -1
            if isinstance(result, Maps):
                if last not in self._target.cuts:
                    continue
                if len(taken) != self._target.place[last] - first:
                    continue
            elif len(taken) != len(self._target.layers) - 1 - first:
                continue
            yield result, found

    # --- stem ---------------------------------------------------------------------------------

    def _starts(self) -> Iterator[_State]:
        shape = self._target.shapes[self._target.layers[0].name]
        if len(shape) != 3:
            return

        def run(g: Finder, p: Guesses) -> Maps:
            x = shared_layers.input_layer(g, shape)
            if self._stem == "none":
                return Maps(x, shape[-1])
            return Maps(STEMS[self._stem](g, x, p), p["stem_filters"])

        start = self._target.layers[0].name
        values = partial(self._values, start)
        for result, known in self._solve(run, {}, values, ""):
            yield _State(result.layer, tuple(sorted(known.items())), (), _ANY)

    # --- groups -------------------------------------------------------------------------------

    def _groups(self, state: _State) -> Iterator[_State]:
        for pattern in self._kinds:
            if state.next == _PRE_ACTIVATED and not pattern.pre_activated:
                continue
            if state.next == _OTHER and pattern.pre_activated:
                continue
            key = state.layer, state.network, pattern.name, not state.groups
            for end in self._known_groups.all(key, partial(self._group, state, pattern)):
                following = _State(end.layer, end.network, (*state.groups, end.group), end.next)
                seen = following.layer, following.network, following.next
                if seen not in self._seen:
                    self._seen.add(seen)
                    yield following

    def _group(self, state: _State, pattern: Pattern) -> Iterator[_Ended]:
        maps = Maps(state.layer, self._target.shapes[state.layer][-1])
        first = not state.groups

        def add(g: Finder, p: Guesses) -> Maps:
            number = len(state.groups) + 1
            with g.scope(f"group{number}"):
                return pattern.add_group(g, maps, p, first=first)

        def run(g: Finder, p: Guesses) -> Maps:
            x = add(g, p)
            ending = p[_ENDING] if pattern.pre_activated else _ANY
            if ending == _OTHER:
                x = x._replace(layer=normalize_and_activate(g, x.layer, p))
            if p["group_dropout"] > 0:
                x = x._replace(layer=g.add("Dropout", "dropout", x.layer, rate=p["group_dropout"]))
            if ending == _NOTHING:
                x = x._replace(layer=normalize_and_activate(g, x.layer, p))
            return x

        def values(name: str, known: Known) -> Sequence[Any]:
            if name == _ENDING:
                return (_OTHER, _NOTHING, _PRE_ACTIVATED)
            if name == "blocks":
                endless = {**known, "blocks": MOST_BLOCKS + 1}
                last = farthest_block(
                    add, self._target, self._steps, endless, values, self._always, self._fields
                )
                return range(min(last, MOST_BLOCKS), 0, -1)
            return self._values(state.layer, name, known)

        known = {**dict(state.network), "pattern": pattern.name}
        self._always |= {"filters", "blocks", _ENDING}
        for result, found in self._solve(run, known, values, state.layer):
            ending = found.pop(_ENDING, _ANY)
            group = {name: found.pop(name) for name in [*found] if name in self._fields}
            yield _Ended(result.layer, tuple(sorted(found.items())), group, ending)

    # --- task ---------------------------------------------------------------------------------

    def _end(self, state: _State) -> Known | None:
        if state.next in (_OTHER, _PRE_ACTIVATED):
            return None

        def run(g: Finder, p: Guesses) -> tuple[str, ...]:
            return add_task(g, state.layer, p)

        values = partial(self._values, state.layer)
        for outputs, found in self._solve(run, dict(state.network), values, state.layer):
            if outputs == self._target.outputs:
                shape = self._target.shapes[self._target.layers[0].name]
                return {**found, "input_shape": shape, "stem": self._stem, "groups": state.groups}
        return None

    def _values(self, start: str, name: str, known: Known) -> Sequence[Any]:
        if name in self._network:
            return self._network[name]
        plain = name.removeprefix("stem_")
        parameter = self._fields.get(plain)
        return group_values(plain, parameter, self._target, start, known) if parameter else ()
