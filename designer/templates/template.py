"""What a template is: a name, its parameters, and how they expand into a graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from designer.graph import GraphBuilder
from designer.templates.parameters import Parameter

#: Adds the layers to the builder and returns the names of the output layers.
Expand = Callable[[GraphBuilder, Mapping[str, Any]], tuple[str, ...]]

#: Says a design's parameters as parameters of the template ``composable``.
AsComposable = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Template:
    """A family member a person can pick.

    Attributes:
        name: its name in scripts and links (``resnet50``).
        title: its name on a page (``ResNet50``).
        summary: one sentence that says what it is.
        source: the book's section or the paper it comes from.
        order: its place among the templates.
        parameters: what can be chosen, each declared after those it depends on.
        expand: turns the chosen parameters into layers.
        as_composable: says the parameters that decide its layers as ``composable``'s, if it is
            a network of groups; input, task and compile step are the same in both.
    """

    name: str
    title: str
    summary: str
    source: str
    order: int
    parameters: tuple[Parameter, ...]
    expand: Expand
    as_composable: AsComposable | None = None

    def parameter(self, name: str) -> Parameter:
        """Return a parameter by name.

        Raises:
            KeyError: if the template has none of that name.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(name)
