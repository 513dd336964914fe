"""Stem with stem, task with task, and between them group with group: removed, added, kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log2
from typing import Any

from designer.comparing.aligning import align_cheapest
from designer.places import Place
from designer.summary import Summary


@dataclass(frozen=True)
class SectionPair:
    """A section of A with the one of B that stands in its place, if one does."""

    a: Place | None
    b: Place | None

    @property
    def title(self) -> str:
        """Return the section's name for a person; a group that moved has both its numbers."""
        section = self.a or self.b
        assert section is not None
        if self.a and self.b and self.a.title != self.b.title:
            return f"{self.a.title} → {self.b.title}"
        return section.title


def align_sections(a: Summary, b: Summary) -> list[SectionPair]:
    """Return every section of both networks, each once, paired where they match."""
    pairs: list[SectionPair] = []
    for role in ("stem", "learner", "task"):
        left = [section for section in a.sections if section.role == role]
        right = [section for section in b.sections if section.role == role]
        pairs += [
            SectionPair(None if i is None else left[i], None if j is None else right[j])
            for i, j in align_cheapest(_features(left, a), _features(right, b), _Features.distance)
        ]
    return pairs


def align_groups(a: Summary, b: Summary) -> list[tuple[int | None, int | None]]:
    """Return the places (from 0) of the groups of A and B that match, as the layers do."""
    return [
        (pair.a.number - 1 if pair.a else None, pair.b.number - 1 if pair.b else None)
        for pair in align_sections(a, b)
        if (pair.a or pair.b).number  # type: ignore[union-attr]
    ]


@dataclass(frozen=True)
class _Features:
    """By what groups are told apart: what a person chose for them, else what they put out."""

    fields: Mapping[str, Any] | None
    section: Place

    def distance(self, other: _Features) -> float:
        """Return how unlike two groups are: 0 for equal ones, below 2 for any two."""
        if self.fields is not None and other.fields is not None:
            mine, others = self.fields, other.fields
        else:
            mine, others = self.seen, other.seen
        return min(
            1.9, sum(_unlike(name, mine[name], others[name]) for name in mine.keys() & others)
        )

    @cached_property
    def seen(self) -> dict[str, Any]:
        """What is seen of a group from outside."""
        shape = self.section.layers[-1].output_shape or (None,)
        return {
            "filters": shape[-1] or 1,
            "blocks": self.section.blocks or 1,
            "classes": {layer.class_name for layer in self.section.layers},
        }


def _unlike(name: str, mine: Any, other: Any) -> float:
    """Return how much one field sets two groups apart; the filters most of all."""
    if mine == other:
        return 0.0
    if name == "filters":
        return 0.2 + 0.5 * min(1.5, abs(log2(mine / other)))
    if name == "blocks":
        return 0.1 + 0.2 * min(1.0, abs(log2(mine / other)))
    return 0.15


def _features(sections: Sequence[Place], summary: Summary) -> list[_Features]:
    groups = summary.design.parameters.get("groups", ())
    return [
        _Features(
            groups[section.number - 1] if 0 < section.number <= len(groups) else None, section
        )
        for section in sections
    ]
