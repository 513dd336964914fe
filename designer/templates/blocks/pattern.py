"""What a block pattern is: how a group of blocks becomes layers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from designer.graph import GraphBuilder
from designer.templates.parameters import Parameter


class Maps(NamedTuple):
    """Feature maps on their way through a network.

    Attributes:
        layer: the layer they come from.
        channels: how many there are.
    """

    layer: str
    channels: int


class Pattern(ABC):
    """One kind of group.

    Attributes:
        name: its name in links and files.
        label: its name on a page.
        teaches: one line that says what is special about it.
        order: its place among the patterns.
        fields: what a group of this kind can choose beside ``filters`` and ``blocks``. A field
            of one name is the same in all patterns but for its default; a default that is a
            plain value gives way to that of the group before, if that is of the same kind.
        pre_activated: whether it normalizes and activates what comes in by itself, and leaves
            what it puts out to the next group, or to the end of the learner.
        normalizes_by_choice: whether it follows the network's ``batch_normalization``; the
            others normalize where their paper does.
        links: whether its blocks have an identity link, which a network can leave out.
        argument_names: Keras's argument → the field it comes from, where the names differ.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    teaches: ClassVar[str]
    order: ClassVar[int]
    fields: ClassVar[tuple[Parameter, ...]]
    pre_activated: ClassVar[bool] = False
    normalizes_by_choice: ClassVar[bool] = False
    links: ClassVar[bool] = True
    argument_names: ClassVar[Mapping[str, str]] = MappingProxyType({})

    @abstractmethod
    def add_group(self, g: GraphBuilder, x: Maps, p: Mapping[str, Any], *, first: bool) -> Maps:
        """Add a group's layers and return the maps it puts out.

        Args:
            x: what comes in.
            p: the network's parameters, and the group's own over them.
            first: whether no group stands before it.
        """
