"""What a person did to a design, step by step: undo, redo, and back to any state.

A history is a value, like a design. A drag is one step, however many values it passes through:
edits of the same thing that arrive while the hand has not come to rest replace each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from designer.design import Design
from designer.wording import changed_places, name_change

#: The most states that are kept; beyond, the oldest are forgotten.
MOST_STEPS = 200


class Step(NamedTuple):
    """A design, and what led to it: ``Filters of group 2: 64 → 96``."""

    label: str
    design: Design


@dataclass(frozen=True)
class History:
    """The states of a design, and which of them is the present one.

    Attributes:
        steps: from the oldest to the newest; those after ``position`` have been undone.
        position: the index of the present state.
        moving: whether the present state is still being changed by a hand that does not rest.
    """

    steps: tuple[Step, ...]
    position: int = 0
    moving: bool = False

    @classmethod
    def start(cls, design: Design, label: str = "Start") -> History:
        """Return a history that begins with a design."""
        return cls((Step(label, design),))

    @property
    def design(self) -> Design:
        """The present state."""
        return self.steps[self.position].design

    @property
    def undoes(self) -> str | None:
        """What :meth:`undo` takes back; ``None`` if there is nothing."""
        return self.steps[self.position].label if self.position else None

    @property
    def redoes(self) -> str | None:
        """What :meth:`redo` brings back; ``None`` if there is nothing."""
        following = self.position + 1
        return self.steps[following].label if following < len(self.steps) else None

    def record(self, design: Design, label: str | None = None, *, resting: bool = True) -> History:
        """Return the history with another state after the present one; what was undone is gone.

        Args:
            label: what led to it; by default, what changed.
            resting: ``False`` while a control is being dragged.
        """
        if self.moving and label is None:
            before = self.steps[self.position - 1].design
            if self._continues(before, design):
                return self._amend(before, design, resting)
        if design == self.design:
            return replace(self, moving=False) if resting else self
        step = Step(label or name_change(self.design, design), design)
        steps = (*self.steps[: self.position + 1], step)[-MOST_STEPS:]
        return History(steps, len(steps) - 1, moving=not resting and len(steps) > 1)

    def _continues(self, before: Design, design: Design) -> bool:
        """Return whether an edit changes what the present step, still moving, changes."""
        now = changed_places(self.design, design)
        return not now or bool(now & changed_places(before, self.design)) or design == before

    def _amend(self, before: Design, design: Design, resting: bool) -> History:
        if resting and design == before:  # dragged back to where it began
            return History(self.steps[: self.position], self.position - 1)
        label = name_change(before, design) if design != before else self.steps[-1].label
        steps = (*self.steps[: self.position], Step(label, design))
        return History(steps, self.position, moving=not resting)

    def rest(self) -> History:
        """Return the history with its present step closed: the next edit is another step."""
        if not self.moving:
            return self
        return self._amend(self.steps[self.position - 1].design, self.design, True)

    def undo(self) -> History:
        """Return the history one state further back; the same if there is none."""
        rested = self.rest()
        return rested.go(rested.position - 1)

    def redo(self) -> History:
        """Return the history one state further on; the same if there is none."""
        return self.go(self.position + 1)

    def go(self, position: int) -> History:
        """Return the history at any of its states; the same if it has no such state."""
        rested = self.rest()
        return replace(rested, position=position) if 0 <= position < len(rested.steps) else rested
