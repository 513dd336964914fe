"""What an export tells of itself once it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One model beside others.

    Attributes:
        model: which, in words.
        bytes: its size: of the file, or of the weights in memory.
        figures: what it reaches on the held-out examples, by name; empty without them.
        milliseconds: the median time that one example takes on this machine.
        examples: how many held-out examples the figures are of.
    """

    model: str
    bytes: int
    figures: Mapping[str, float]
    milliseconds: float
    examples: int = 0


@dataclass(frozen=True)
class ExportResult:
    """An export that was made and proven.

    Attributes:
        path: the file or folder.
        format: the format's name.
        bytes: its size.
        sha256: of the file; for a folder see :func:`designer.exports.placing.size_and_digest`.
        largest_difference: between predictions of the reloaded export and of the model.
        allowed_difference: the largest that would have been accepted.
        examples: how many examples were compared.
        verified_in: what loaded it: "a fresh Python process with tensorflow …".
        quantize: how its weights were made smaller; "none" if not.
        outputs: "labelled" or "plain".
        comparison: the Keras model, what was exported, and of a quantized one the unquantized
            between.
        signatures: the ways to call it, in words: ``name``, ``takes``, ``returns``.
    """

    path: str
    format: str
    bytes: int
    sha256: str
    largest_difference: float
    allowed_difference: float
    examples: int
    verified_in: str
    quantize: str = "none"
    outputs: str = "plain"
    comparison: tuple[Row, ...] = ()
    signatures: tuple[Mapping[str, str], ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        values = asdict(self)
        return values | {name: list(values[name]) for name in ("comparison", "signatures")}
