"""Write a model out, prove that it reloads, and only then put it where it was asked for.

TensorFlow is imported when an export begins: worker processes and scripts only.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from designer.design import Design
from designer.errors import ExportError, MemoryLimitError
from designer.exports import placing, verifying
from designer.exports.base import ExportFormat
from designer.exports.how import How
from designer.exports.notes import ExportNotes
from designer.exports.packaging import Contents, furnish
from designer.exports.placing import Target
from designer.exports.readme import Proof
from designer.memory import RUNTIME_BYTES, available_bytes, check_memory_to_build, write_bytes
from designer.summary import Summary, summarize
from designer.tasks import heads

if TYPE_CHECKING:
    import keras


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
    """

    path: str
    format: str
    bytes: int
    sha256: str
    largest_difference: float
    allowed_difference: float
    examples: int
    verified_in: str

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return asdict(self)


def export(
    design: Mapping[str, Any],
    format: str,
    out: str,
    title: str = "",
    model_file: str | None = None,
    notes: Mapping[str, Any] | None = None,
    examples: str | None = None,
    seed: int = 0,
    calibration: str | None = None,
    held_out: str | None = None,
    record: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Do :func:`export_model` as a worker's job: JSON values in, JSON values out.

    ``calibration`` and ``held_out`` are what a run kept for formats that measure or quantise;
    those there are need neither.
    """
    try:
        return export_model(
            design,
            None if model_file is None else Path(model_file),
            format,
            Path(out),
            title,
            notes=notes,
            examples=None if examples is None else Path(examples),
            seed=seed,
            record=record,
        ).to_dict()
    finally:
        gc.collect()  # a model refers to itself, and a worker lives long


def export_model(
    design: Mapping[str, Any],
    model_file: Path | None,
    format: str,
    out: Path,
    title: str = "",
    *,
    notes: Mapping[str, Any] | None = None,
    examples: Path | None = None,
    seed: int = 0,
    record: Mapping[str, Any] | None = None,
    check_seconds: float = verifying.CHECK_SECONDS,
) -> ExportResult:
    """Export a model, trained or untrained.

    Args:
        design: what ``Design.to_dict`` returns.
        model_file: the ``.keras`` file of a run of this design; ``None`` builds the design with
            its first, random weights.
        format: name of a format.
        out: where to; a name that ends in ``.zip`` gets a package with a README and the design,
            any other the bare file (its ending is added) or folder (which holds both too).
        title: what the model is called in the README; the template's name if empty.
        notes: for the README; see :class:`ExportNotes`.
        examples: a ``.npy`` file of held-out examples, as the model takes them, to check with;
            random ones otherwise.
        seed: of the random weights, where the model is built.
        record: of the run (see :func:`designer.training.recording.record_of`), for the package.
        check_seconds: how long the check in a fresh process may take.

    Returns:
        What was made, and how well it agreed.

    Raises:
        DesignError: the design cannot be built.
        MemoryLimitError: it would not fit in memory, together with its check.
        ExportError: unknown format, a place that is taken or cannot be written, a model file
            that does not fit; or the reloaded export does not predict the same. Nothing is
            left behind.
    """
    chosen, value, summary, target = check_export(design, format, out)
    known_notes = ExportNotes.from_dict(notes)
    known_notes.check(value["input_shape"], heads(value.parameters), value["task"])
    if model_file is not None and not model_file.is_file():
        raise ExportError(
            f"There is no saved model at {model_file}: the run has not come to its end, or its"
            " files were removed. Train it again, or export the design untrained."
        )
    batches = verifying.inputs_to_check(value["input_shape"], examples)

    disk = 2**20 + summary.weight_bytes * (2 if target.is_zip else 1)
    with placing.workshop(target, disk) as folder, verifying.FreshProcess() as fresh:
        model = _model(value, model_file, summary, seed)
        content = folder / "content"
        location = "." if target.is_folder else chosen.file_name
        if not target.is_folder:
            content.mkdir()
        _write(chosen, model, value, content / location, target, How(notes=known_notes))
        fresh.ask(content, chosen.loading_code(location), batches, folder)
        own = verifying.own_predictions(model, batches)
        outputs, versions = fresh.answer(check_seconds)
        difference, allowed = verifying.compare(own, outputs, chosen.tolerance)
        proof = Proof(
            difference,
            allowed,
            sum(len(batch) for batch in batches),
            f"a fresh Python process with tensorflow {versions['tensorflow']} and keras"
            f" {versions['keras']}",
            versions,
        )
        if target.is_zip or target.is_folder:
            contents = Contents(
                format=chosen,
                location=location,
                title=title or value.template,
                summary=summary,
                notes=known_notes,
                trained=model_file is not None,
                proof=proof,
                record=record,
            )
            furnish(content, contents)
        made = content if target.is_folder else content / chosen.file_name
        if target.is_zip:
            made = folder / "package.zip"
            placing.pack(content, made)
        size, digest = placing.size_and_digest(made)
        placing.put_in_place(made, target)
    return ExportResult(
        path=str(target.path),
        format=chosen.name,
        bytes=size,
        sha256=digest,
        largest_difference=proof.largest_difference,
        allowed_difference=proof.allowed,
        examples=proof.examples,
        verified_in=proof.verified_in,
    )


def check_export(
    design: Mapping[str, Any], format: str, out: Path
) -> tuple[ExportFormat, Design, Summary, Target]:
    """Return what an export is about, having checked that it can be made; TensorFlow is not
    needed for that.

    Raises:
        DesignError, MemoryLimitError, ExportError: as :func:`export_model`.
    """
    from designer.exports import format_named, formats

    chosen = format_named(format)
    value = Design.from_dict(design)
    summary = summarize(value)
    endings = {one.suffix for one in formats().values() if one.suffix}
    target = placing.target_for(chosen, Path(out), endings)
    _check_memory(summary, chosen)
    return chosen, value, summary, target


def _check_memory(summary: Summary, format: ExportFormat) -> None:
    """Refuse what would not fit: the model here, and once more in the process that checks it."""
    check_memory_to_build(summary)
    needed = int(format.memory_factor * summary.weight_bytes) + 2 * RUNTIME_BYTES
    free = available_bytes()
    if needed > free:
        raise MemoryLimitError(
            f"To export this design ({summary.total_params:,} parameters) and check it in a"
            f" fresh process would take about {write_bytes(needed)} of memory;"
            f" {write_bytes(free)} are free on this machine. Fewer units or filters work, or"
            " closing other programs."
        )


def _model(design: Design, model_file: Path | None, summary: Summary, seed: int) -> keras.Model:
    """Return the model: built with seeded weights, or loaded, uncompiled, from a run's file."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import keras

    if model_file is None:
        from designer.keras_model import build_model

        keras.utils.set_random_seed(seed)
        return build_model(design)
    try:
        model: keras.Model = keras.models.load_model(model_file, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises whatever its reader meets in a damaged file
        line = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ExportError(
            f"The saved model {model_file} cannot be loaded: {line} Train it again, or export the"
            " design untrained."
        ) from error
    shape = getattr(model, "input_shape", None)
    wanted = (None, *design["input_shape"])
    if shape != wanted or model.count_params() != summary.total_params:
        raise ExportError(
            f"The saved model {model_file} takes inputs of shape {shape} and has"
            f" {model.count_params():,} parameters; the design has {wanted} and"
            f" {summary.total_params:,}. Export the design that was trained."
        )
    return model


def _write(
    format: ExportFormat, model: keras.Model, design: Design, path: Path, target: Target, how: How
) -> None:
    import tensorflow as tf

    try:
        format.write(model, design, path, how)
    except tf.errors.OpError as error:  # TensorFlow's own words for a disk that is full
        line = (error.message or type(error).__name__).strip().splitlines()[0]
        raise ExportError(
            f"{target.path} cannot be written: {line}. Make room, or choose another place."
        ) from error
