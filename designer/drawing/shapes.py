"""What a drawing is made of: boxes in frames, and the lines between them. Values, no colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from designer.places import Place


@dataclass(frozen=True)
class Box:
    """One layer, one closed block or one closed section, drawn by what it puts out.

    Attributes:
        key: of the place it stands for (``designer.places``); an ellipsis, which stands for
            several, has a key of its own that no place has.
        parent: the key of the frame it stands in, or of the section that it opens.
        level: how deep it stands in the tree of places, from 1.
        kind: ``maps``; ``vector``; ``nodes`` (a vector drawn unit by unit); ``mark`` (a layer
            that changes no shape); ``join`` (several inputs become one); ``unbuilt`` (no shape
            is known); ``ellipsis``.
        x, y: the left top corner of its front.
        width, height: of its front; ``depth`` is how far it reaches back.
        does: of a mark: ``activation``, ``normalization``, ``dropout`` or ``padding``.
        learns: whether it has parameters.
        units: the units of a vector; of an ellipsis, the blocks it stands for.
        slices: the blocks of a closed group.
        layers: the names of the layers it stands for.
        title: what it says of itself when pointed at or read aloud.
        label: its short name, where there is room for one: written downwards from ``label_y``,
            or at its right.
        sign: what a join does: ``+``, ``×`` or ``⧺``.
        skips: how many identity links lead around parts of it that are not drawn.
        expanded: whether its contents are shown; ``None`` if there is nothing to open.
        fault: why it cannot be built, if it cannot.
        faulty: the name of the layer at fault.
    """

    key: str
    parent: str
    level: int
    kind: str
    role: str
    number: int
    x: float
    y: float
    width: float
    height: float
    depth: float
    layers: tuple[str, ...]
    title: str
    does: str = ""
    learns: bool = True
    units: int = 0
    slices: int = 1
    label: str = ""
    label_y: float = 0.0
    label_beside: bool = False
    sign: str = ""
    skips: int = 0
    expanded: bool | None = None
    fault: str | None = None
    faulty: str = ""

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def unit_centres(self) -> list[tuple[float, float]]:
        """Return the middle of each unit of a vector drawn unit by unit."""
        step = self.height / self.units
        return [(self.x + self.width / 2, self.y + (n + 0.5) * step) for n in range(self.units)]


@dataclass(frozen=True)
class Frame:
    """A section, or an open block, with what is in it.

    Attributes:
        key: of the place.
        parent: of the section, for a block.
        level: 1 for a section, 2 for a block.
        open: whether its contents are shown; a closed section frames one box that stands for it.
        captions: a section's name and blocks, its shape, its parameters; for a block one line.
        parts: boxes and open blocks, from left to right.
        fault: whether something in it cannot be built.
    """

    key: str
    parent: str
    level: int
    role: str
    number: int
    x: float
    y: float
    width: float
    height: float
    open: bool
    title: str
    captions: tuple[str, ...]
    parts: tuple[Box | Frame, ...]
    fault: bool = False

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Every box in it, also those of open blocks."""
        return tuple(self._boxes())

    def _boxes(self) -> Iterator[Box]:
        for part in self.parts:
            if isinstance(part, Frame):
                yield from part._boxes()
            else:
                yield part


@dataclass(frozen=True)
class Line:
    """A way that numbers take from one box to another.

    Attributes:
        kind: ``flow`` (to the next box), ``skip`` (around boxes) or ``branch`` (to or from
            another lane).
        points: its corners.
        source, target: the keys of the boxes.
        built: whether numbers can flow: the target can be built.
    """

    kind: str
    points: tuple[tuple[float, float], ...]
    source: str
    target: str
    built: bool = True


@dataclass(frozen=True)
class Drawing:
    """A whole architecture, laid out.

    Attributes:
        name: of the template.
        depth: how deep it is opened where nobody opened or closed anything.
        frames: the sections, from left to right.
        lines: the ways between boxes.
        connections: pairs of points, the connections between vectors drawn unit by unit.
        description: the drawing in words, for those who do not see it.
        note: what is left out, if something is.
    """

    name: str
    depth: str
    width: float
    height: float
    frames: tuple[Frame, ...]
    lines: tuple[Line, ...]
    connections: tuple[tuple[float, float, float, float], ...]
    description: str
    note: str = ""
    _keys: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """Every box, from left to right."""
        return tuple(box for frame in self.frames for box in frame.boxes)

    def shows(self, place: Place) -> str:
        """Return the key of what stands for a place: itself, or what hides it."""
        if not self._keys:
            for box in self.boxes:
                self._keys.update(dict.fromkeys(box.layers, box.key))
            for frame in self.frames:
                self._keys[frame.key] = frame.key
                self._keys.update((part.key, part.key) for part in frame.parts)
            self._keys.update((box.key, box.key) for box in self.boxes)
        return self._keys.get(place.key) or self._keys.get(place.layers[-1].name, "")
