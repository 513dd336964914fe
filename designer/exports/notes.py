"""What a package says about where its model comes from, beyond the design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from designer.errors import ExportError

if TYPE_CHECKING:
    from designer.datasets.own import TableEncoding
    from designer.datasets.preprocessing import Preprocessing
    from designer.tasks import Head


@dataclass(frozen=True)
class ExportNotes:
    """Notes for the README of an export. All are optional.

    Attributes:
        dataset: what the model was trained on, for people.
        feature_names: the columns that go in, in order; empty for images.
        class_names: the names of the classes, one tuple a head, in label order; two for a
            binary head (no, yes); empty for regression.
        target_names: what the numbers of a regression are, one an output.
        preprocessing: from raw examples to what the model takes.
        metrics: final figures by name (``test_accuracy``).
        encoding: how the rows of a person's table became examples.
    """

    dataset: str = ""
    feature_names: tuple[str, ...] = ()
    class_names: tuple[tuple[str, ...], ...] = ()
    target_names: tuple[str, ...] = ()
    preprocessing: Preprocessing | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    encoding: TableEncoding | None = None

    @classmethod
    def from_dict(cls, values: Mapping[str, Any] | None) -> ExportNotes:
        """Make notes from JSON values: the attributes' names, ``preprocessing`` and
        ``encoding`` as their own ``to_dict`` wrote them.

        Raises:
            ExportError: for a name that is none of the attributes'.
            DatasetError: for a preprocessing that is none.
        """
        from designer.datasets.own import TableEncoding
        from designer.datasets.preprocessing import Preprocessing

        given = {name: value for name, value in (values or {}).items() if value}
        unknown = sorted(set(given) - set(cls.__dataclass_fields__))
        if unknown:
            raise ExportError(
                f"notes: received {', '.join(map(repr, unknown))}; these work:"
                f" {', '.join(cls.__dataclass_fields__)}."
            )
        preprocessing, encoding = given.get("preprocessing"), given.get("encoding")
        return cls(
            dataset=str(given.get("dataset", "")),
            feature_names=tuple(map(str, given.get("feature_names", ()))),
            class_names=tuple(tuple(map(str, head)) for head in given.get("class_names", ())),
            target_names=tuple(map(str, given.get("target_names", ()))),
            preprocessing=Preprocessing.from_dict(preprocessing) if preprocessing else None,
            metrics=dict(given.get("metrics", {})),
            encoding=TableEncoding.from_dict(encoding) if encoding else None,
        )

    def check(self, input_shape: tuple[int, ...], heads: tuple[Head, ...], task: str) -> None:
        """Refuse notes that are about another model: names that would be put to the wrong
        outputs are worse than none.

        Raises:
            ExportError: names the note, what was received and what the model has.
        """
        if self.preprocessing and self.preprocessing.input_shape != tuple(input_shape):
            raise ExportError(
                f"notes: the preprocessing makes inputs of shape {self.preprocessing.input_shape};"
                f" the model takes {tuple(input_shape)}."
            )
        if self.feature_names and (len(self.feature_names),) != tuple(input_shape):
            raise ExportError(
                f"notes: {len(self.feature_names)} feature names were received; the model takes"
                f" inputs of shape {tuple(input_shape)}."
            )
        if self.encoding and self.encoding.feature_names != self.feature_names:
            raise ExportError(
                "notes: the encoding's columns become other numbers than the feature names say."
            )
        if self.class_names:
            units = tuple(2 if task == "binary" else head.units for head in heads)
            received = tuple(len(names) for names in self.class_names)
            if task == "regression" or received != units:
                raise ExportError(
                    f"notes: {received} class names a head were received; the model's task is"
                    f" {task} with {units} a head."
                )
        names = self.target_names
        if task == "regression" and names and len(names) != heads[0].units:
            raise ExportError(
                f"notes: {len(names)} target names were received; the model has {heads[0].units}"
                " outputs."
            )
