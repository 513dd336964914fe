"""What a fresh process is asked of an export, and whether its answers bear it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from designer.design import Design
from designer.errors import ExportError
from designer.exports import labelling, verifying
from designer.exports.base import ExportFormat
from designer.exports.fresh_process import Program, Told
from designer.exports.held_out import HeldOut, figures
from designer.exports.how import How
from designer.exports.raw_examples import encoded_pictures, prepared_from_files, raw_examples

if TYPE_CHECKING:
    import keras
    import numpy as np


@dataclass
class Proving:
    """The proof of one export.

    Attributes:
        format, design, how: what is exported, and how.
        batches: prepared examples, each a batch.
        held_out: examples with labels, for figures; their outputs are compared too.
        calls: of signatures: name, inputs, and the prepared examples that stand for them.
    """

    format: ExportFormat
    design: Design
    how: How
    batches: list[np.ndarray]
    held_out: HeldOut | None
    calls: list[tuple[str, dict[str, Any], np.ndarray]] = field(default_factory=list)

    def __post_init__(self) -> None:
        signatures = self.format.signatures(self.design, self.how)
        preprocessing = self.how.notes.preprocessing
        if not signatures:
            return
        if preprocessing is None:
            for batch in self.batches[:2]:
                self.calls.append((signatures[0].name, {"inputs": batch}, batch))
            return
        raw = raw_examples(
            preprocessing, self.how.pixel_range, self.held_out.raw if self.held_out else None
        )
        for rows in (raw[:1], raw[1:]):
            given = {"inputs": rows}
            self.calls.append((signatures[0].name, given, preprocessing.apply(rows)))
        if pixels := self.how.pixel_range:
            files = encoded_pictures(raw, pixels)
            prepared = prepared_from_files(files, preprocessing, pixels)
            self.calls.append((signatures[1].name, {"pictures": files}, prepared))

    @property
    def all_batches(self) -> list[np.ndarray]:
        return [*self.batches, *(self.held_out.batches() if self.held_out else [])]

    def program(self, code: str, *, calls: bool = True) -> Program:
        """Return what the process is to do with an export that ``code`` loads."""
        given = [(name, inputs) for name, inputs, _ in self.calls] if calls else []
        return Program(
            code + (self.format.calling_code() if given else ""),
            self.all_batches,
            given,
            self.batches[0],
        )

    def own(self, model: keras.Model) -> list[list[np.ndarray]]:
        """Return what the model itself predicts for the batches, and then for the calls."""
        asked = [*self.all_batches, *(prepared for _, _, prepared in self.calls)]
        once = {id(batch): batch for batch in asked}  # a signature may be given the same
        outputs = verifying.own_predictions(model, list(once.values()))
        known = dict(zip(once, outputs, strict=True))
        return [known[id(batch)] for batch in asked]

    def compare(self, own: Sequence[Sequence[np.ndarray]], told: Told) -> tuple[float, float]:
        """Return the largest difference, and the largest allowed.

        Raises:
            ExportError: a difference is beyond it, or a label is not what it should be.
        """
        count = len(self.all_batches)
        tolerance = self.format.tolerance_of(self.how.quantize)
        # Eight bits for 0 to 1 are steps of 0.004, whatever the largest probability is.
        in_steps, regression = self.how.quantize != "none", self.design["task"] == "regression"
        smallest = 1.0 if in_steps and not regression else verifying.SMALLEST_SCALE
        spread = None
        if in_steps and regression:
            outputs = [output for batch in own[:count] for output in batch]
            spread = verifying.spread_of(outputs, self.format.tolerance / tolerance)
        found = [verifying.compare(own[:count], told.outputs, tolerance, "", smallest, spread)]
        for (name, _, _), expected, received in zip(
            self.calls, own[count:], told.calls, strict=True
        ):
            with_words = verifying.called(name)
            try:
                plain = self._plain(received)
            except (KeyError, IndexError) as error:
                raise ExportError(
                    f"The reloaded export's signature {name!r} returned"
                    f" {', '.join(received)} and not {error}, so it is not offered."
                ) from None
            found.append(
                verifying.compare([expected], [plain], tolerance, with_words, smallest, spread)
            )
        return max(found, key=lambda pair: pair[0] / pair[1])

    def _plain(self, received: dict[str, np.ndarray]) -> list[np.ndarray]:
        """Return the arrays of the heads among what a signature returned, its labels checked."""
        from designer.tasks import heads

        if self.how.notes.preprocessing is None or self.how.outputs == "plain":
            return [received[head.name] for head in heads(self.design.parameters)]
        if wrong := labelling.wrong_label(received, self.design, self.how.notes):
            raise ExportError(
                f"The reloaded export labels its answers otherwise than they are: {wrong}. It is"
                " not offered, and nothing was kept."
            )
        return labelling.plain_of(received, self.design, self.how.notes)

    def figures(self, outputs: Sequence[Sequence[np.ndarray]]) -> dict[str, float]:
        """Return the figures of a model on the held-out examples, from its outputs for all
        batches; empty without them."""
        import numpy as np

        if self.held_out is None:
            return {}
        kept = outputs[len(self.batches) : len(self.all_batches)]
        joined = [np.concatenate(head) for head in zip(*kept, strict=True)]
        return figures(self.design, joined, self.held_out.labels)

    @property
    def measured(self) -> int:
        """How many examples the figures are of."""
        return len(self.held_out.prepared) if self.held_out else 0

    @property
    def examples(self) -> int:
        """How many examples are compared."""
        return sum(len(batch) for batch in self.all_batches)
