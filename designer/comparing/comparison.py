"""The comparison of two designs, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from designer.comparing.choices import choice_words
from designer.comparing.matching import LayerPair, match_layers
from designer.comparing.phrases import counted
from designer.comparing.same import is_same_network
from designer.comparing.structure import shared_words, structure_words, template_words
from designer.comparing.totals import TotalDifference, compare_totals
from designer.design import Design
from designer.summary import Summary, outline


@dataclass(frozen=True)
class Comparison:
    """How B differs from A. Designs that cannot be built are compared as far as they go.

    Attributes:
        a, b: the two designs with their layers.
    """

    a: Summary
    b: Summary

    @property
    def is_same_design(self) -> bool:
        """Whether nothing differs at all."""
        return self.a.design == self.b.design

    @cached_property
    def is_same_network(self) -> bool:
        """Whether both stand for the same layers, whatever they are called."""
        return is_same_network(self.a.design.graph, self.b.design.graph)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The difference in words, a sentence a change; none for one and the same design."""
        a, b = self.a.design, self.b.design
        if a == b:
            return ()
        if a.template == b.template:
            return tuple(choice_words(self.a, self.b))
        if self.is_same_network:
            alike = f"the same network, {counted(len(self.a.layers), 'layer')} alike"
            return (alike, template_words(a, b), *shared_words(a, b))
        return (template_words(a, b), *structure_words(self.a, self.b))

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What to know of the comparison itself: a design that cannot be built."""
        return tuple(
            f"{letter} cannot be built, so its totals end at the layer {summary.fault.layer!r}."
            f" {summary.fault}"
            for letter, summary in (("A", self.a), ("B", self.b))
            if summary.fault
        )

    @cached_property
    def totals(self) -> tuple[TotalDifference, ...]:
        """Every total of both, and their differences."""
        return compare_totals(self.a, self.b)

    @cached_property
    def layers(self) -> tuple[LayerPair, ...]:
        """Every layer of both, each once, paired where they match."""
        return match_layers(self.a, self.b)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many pairs are ``same``, ``changed``, ``only_a`` and ``only_b``."""
        counts = dict.fromkeys(("same", "changed", "only_a", "only_b"), 0)
        for pair in self.layers:
            counts[pair.status] += 1
        return counts

    def headline(self, a: str = "A", b: str = "B") -> str:
        """Return the comparison in one line.

        Args:
            a, b: what the designs are called.
        """
        if self.is_same_design:
            return "The same design."
        counts = self.counts
        if self.is_same_network:
            return f"The same network: {counted(len(self.a.layers), 'layer')} alike."
        said = [f"{counted(counts['same'], 'layer')} alike"]
        for status, words in (
            ("changed", "changed"),
            ("only_a", f"only in {a}"),
            ("only_b", f"only in {b}"),
        ):
            if counts[status]:
                said.append(f"{counts[status]:,} {words}")
        return ", ".join(said) + "."

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON values."""
        return {
            "a": self.a.design.to_dict(),
            "b": self.b.design.to_dict(),
            "same_design": self.is_same_design,
            "same_network": self.is_same_network,
            "words": list(self.words),
            "notes": list(self.notes),
            "totals": [total.to_dict() for total in self.totals],
            "counts": self.counts,
            "layers": [pair.to_dict() for pair in self.layers],
        }


def compare(a: Design, b: Design) -> Comparison:
    """Return how design B differs from design A.

    >>> v1 = Design.from_template("resnet50")
    >>> compare(v1, v1.replace(version="v1.5")).words
    ('version v1 → v1.5: the stride moves to the 3 × 3 convolution',)
    """
    return compare_summaries(outline(a), outline(b))


def compare_summaries(a: Summary, b: Summary) -> Comparison:
    """Return the same of designs whose layers are known already."""
    return Comparison(a, b)
