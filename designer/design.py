"""A design: a template's name and what was chosen of its parameters. A value, never changed.

What a person chose is kept apart from what follows from the template, so that a link holds only
the difference, and so that defaults go on following the task as it changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from designer.errors import DesignError
from designer.graph import GraphBuilder, LayerGraph
from designer.links import pack, unpack
from designer.migrating import migrated
from designer.regularizers import with_l2
from designer.templates import Template, template, templates
from designer.templates.composing import said_as_composable
from designer.templates.groups import IdleFields
from designer.templates.parameters import show

#: What our files say they are, and the newest version this release reads.
FILE_FORMAT = "model-designer-design"
FILE_VERSION = 1

#: The template that every network of groups can be opened as.
COMPOSABLE = "composable"


@dataclass(frozen=True, eq=False)
class Design:
    """A network somebody designed.

    Make one with :meth:`from_template`; change one with :meth:`replace`, which returns another.
    Two designs are equal when their template and all their parameters are.

    Attributes:
        template: the template's name.
        parameters: every parameter of the template, resolved; lists are tuples.
    """

    template: str
    parameters: Mapping[str, Any]

    # --- making one -----------------------------------------------------------------------

    @classmethod
    def from_template(cls, name: str, /, **parameters: Any) -> Design:
        """Return the template's design with these parameters instead of its defaults.

        Raises:
            DesignError: for an unknown template or parameter, or a value that does not work;
                the message names the field, what was received and what works.
        """
        return cls._make(template(name), parameters)

    @classmethod
    def _make(cls, known: Template, given: Mapping[str, Any]) -> Design:
        names = [parameter.name for parameter in known.parameters]
        for name in given:
            if name not in names:
                raise DesignError(
                    f"{name[:60]}: the template {known.name!r} has no such parameter; it has"
                    f" {', '.join(names)}.",
                    field=name,
                )
        chosen: dict[str, Any] = {}
        for parameter in known.parameters:
            usual = parameter.default_for(chosen)
            value = usual
            if parameter.name in given:
                received = given[parameter.name]
                if parameter.applies(chosen):
                    value = parameter.clean(received, chosen)
                elif not _same(received, usual):
                    raise DesignError(
                        f"{parameter.name}: received {show(received)}, but it has a meaning only"
                        f" when {parameter.applies_when}; leave it out, or change that.",
                        field=parameter.name,
                    )
            chosen[parameter.name] = value
        return cls(known.name, MappingProxyType(chosen))

    @classmethod
    def mended(cls, name: str, given: Mapping[str, Any]) -> tuple[Design, tuple[str, ...]]:
        """Return a design from whatever of ``given`` works, and what was left out and why.

        For what arrives from outside (a link, a file) or no longer fits after another choice.

        Raises:
            DesignError: if there is no such template.
        """
        known, kept = template(name), dict(given)
        notes: list[str] = []
        while True:
            try:
                return cls._make(known, kept), tuple(notes)
            except IdleFields as error:  # the rest of the groups works
                notes.append(str(error))
                kept[error.parameter] = error.without()
            except DesignError as error:
                notes.append(str(error))
                at_fault = _parameter_at_fault(error, kept)
                if at_fault not in kept:
                    raise
                del kept[at_fault]

    def replace(self, **changes: Any) -> Design:
        """Return this design with some parameters changed.

        Earlier choices that lose their meaning by the change (the classes, when the task
        becomes a regression) are dropped; so are a group's fields that had a meaning before its
        pattern changed, and came along.

        Raises:
            DesignError: if one of the changes does not work.
        """
        known = template(self.template)
        earlier = {name: value for name, value in self.choices.items() if name not in changes}
        while True:
            try:
                return self._make(known, {**earlier, **changes})
            except IdleFields as error:
                name = error.parameter
                if name in earlier:
                    earlier[name] = error.without()
                    continue
                rest = error.without_what_came_along(self[name])
                if rest is None:
                    raise
                changes[name] = rest
            except DesignError as error:
                at_fault = _parameter_at_fault(error, earlier)
                if at_fault not in earlier:
                    raise
                del earlier[at_fault]

    def reset(self, *names: str) -> Design:
        """Return this design with some parameters, or all, back at their defaults."""
        kept = {n: value for n, value in self.choices.items() if names and n not in names}
        return self.mended(self.template, kept)[0]

    def as_composable(self) -> Design:
        """Return the same network as a design of the template ``composable``, to be made one's
        own: the same layers in the same order, by the same names.

        Raises:
            DesignError: if the network has no groups of blocks (the dense templates).
        """
        known = template(self.template)
        if known.name == COMPOSABLE:
            return self
        if known.as_composable is None:
            raise DesignError(
                f"The template {known.name!r} cannot be opened as {COMPOSABLE!r}: a composable"
                " network has groups of convolutional blocks, and this one has none."
                f" {', '.join(n for n, one in templates().items() if one.as_composable)} can.",
                field="template",
            )
        said = said_as_composable(self.parameters, known.as_composable)
        chosen: dict[str, Any] = {}
        for parameter in template(COMPOSABLE).parameters:
            value = parameter.default_for(chosen)
            if parameter.applies(chosen):
                value = parameter.clean(said[parameter.name], chosen)
            chosen[parameter.name] = value
        return Design(COMPOSABLE, MappingProxyType(chosen))

    # --- reading it -----------------------------------------------------------------------

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Design):
            return NotImplemented
        return self.template == other.template and self.parameters == other.parameters

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).from_dict, (self.to_dict(),)  # views of mappings cannot be pickled

    @cached_property
    def choices(self) -> Mapping[str, Any]:
        """What differs from the template's defaults, in its shortest form."""
        different: dict[str, Any] = {}
        before: dict[str, Any] = {}
        for parameter in template(self.template).parameters:
            value = self.parameters[parameter.name]
            if value != parameter.default_for(before):
                different[parameter.name] = parameter.without_defaults(value, before)
            before[parameter.name] = value
        return MappingProxyType(different)

    @cached_property
    def graph(self) -> LayerGraph:
        """The layers this design stands for. They may still not fit each other."""
        builder = GraphBuilder()
        outputs = template(self.template).expand(builder, self.parameters)
        return with_l2(builder.graph(outputs), self.parameters.get("l2", 0.0))

    # --- files and links ------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return the design as JSON values, complete: later defaults do not change it."""
        return {
            "format": FILE_FORMAT,
            "version": FILE_VERSION,
            "template": self.template,
            "parameters": plain(self.parameters),
        }

    def to_json(self) -> str:
        """Return the design as the text of a design file."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)

    @classmethod
    def from_dict(cls, data: Any) -> Design:
        """Return the design that :meth:`to_dict` wrote.

        Raises:
            DesignError: if it is not one of ours, is from a newer version, or does not work.
        """
        if not isinstance(data, Mapping) or "template" not in data:
            raise DesignError(
                "This is not a design: a design is a JSON object with 'template' and"
                f" 'parameters'; received {show(data)}."
            )
        if data.get("format", FILE_FORMAT) != FILE_FORMAT:
            raise DesignError(
                f"format: received {show(data['format'])}; only files that say {FILE_FORMAT!r}"
                " are designs.",
                field="format",
            )
        version = data.get("version", FILE_VERSION)
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            raise DesignError(
                f"version: received {show(version)}; a whole number from 1 to {FILE_VERSION}"
                " works.",
                field="version",
            )
        if version > FILE_VERSION:
            raise DesignError(
                f"version: this design is of version {version}, made by a newer Model Designer;"
                f" this one reads up to version {FILE_VERSION}. Update it, or save the design"
                " again in the older one.",
                field="version",
            )
        data = migrated(data, version, FILE_VERSION)
        parameters = data.get("parameters", {})
        if not isinstance(parameters, Mapping) or not all(isinstance(n, str) for n in parameters):
            raise DesignError(
                f"parameters: received {show(parameters)}; an object of names and values works.",
                field="parameters",
            )
        return cls._make(template(data["template"]), parameters)

    @classmethod
    def from_json(cls, text: str | bytes) -> Design:
        """Return the design of a design file's text.

        Raises:
            DesignError: if it is not JSON, or not a design.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DesignError(f"This is not a design file: it is not JSON ({error}).") from None
        return cls.from_dict(data)

    def to_query(self) -> dict[str, str]:
        """Return the design as the query of a link: the template and what differs from it.

        A long one is compressed (see ``designer.links``).
        """
        query = {"template": self.template}
        for name, value in self.choices.items():
            if isinstance(value, str):
                query[name] = value
            else:
                query[name] = json.dumps(plain(value), separators=(",", ":"))
        return pack(query)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Design, tuple[str, ...]]:
        """Return the design of a link, and notes on what in the link did not work.

        A person can write anything into a link: every part that works is kept.

        Raises:
            DesignError: if the link names no template we know, or was cut short.
        """
        query = unpack(query)
        given = {name: parse_value(text) for name, text in query.items() if name != "template"}
        return cls.mended(query.get("template", ""), given)


def _parameter_at_fault(error: DesignError, given: Mapping[str, Any]) -> str:
    """Return the name in ``given`` that an error's field (``groups[1].filters``) belongs to."""
    field = error.field or ""
    if field in given:  # a name from a link may hold anything, dots and brackets included
        return field
    return field.split("[")[0].split(".")[0]


def _same(received: Any, usual: Any) -> bool:
    try:
        return plain(received) == plain(usual)
    except RecursionError:  # no default is nested that deeply
        return False


def plain(value: Any) -> Any:
    """Return a parameter's value as JSON knows it: lists and dicts instead of tuples and views."""
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def parse_value(text: str) -> Any:
    """Return the value a person wrote: JSON where it parses as JSON, else the text itself.

    >>> parse_value("[64, 32]"), parse_value("v2"), parse_value("3")
    ([64, 32], 'v2', 3)
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def parse_settings(settings: Iterable[str]) -> dict[str, Any]:
    """Return parameters from texts like ``filters=64``.

    Raises:
        DesignError: for a text without ``=``.
    """
    parsed: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name:
            raise DesignError(
                f"--set: received {setting!r}; NAME=VALUE works, such as --set version=v2."
            )
        parsed[name] = parse_value(text)
    return parsed
