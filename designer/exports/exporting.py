"""Write a model out, prove that it reloads, and only then put it where it was asked for.

TensorFlow is imported when an export begins: worker processes and scripts only.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from designer.design import Design
from designer.errors import ExportError
from designer.exports import placing, verifying
from designer.exports.asking import check_export, read_calibration
from designer.exports.base import ExportFormat
from designer.exports.contents import Contents, Proof
from designer.exports.design_format import DesignFormat
from designer.exports.fresh_process import FreshProcess, in_words
from designer.exports.held_out import read_held_out
from designer.exports.how import QUANTIZATIONS, How
from designer.exports.models import model_to_export, write_model
from designer.exports.notes import ExportNotes
from designer.exports.packaging import furnish
from designer.exports.placing import Target
from designer.exports.proving import Proving
from designer.exports.raw_examples import pixel_range
from designer.exports.reload_script import milliseconds
from designer.exports.result import ExportResult, Row
from designer.exports.table_columns import with_encoding
from designer.summary import Summary
from designer.tasks import heads


def export(
    design: Mapping[str, Any],
    format: str,
    out: str,
    title: str = "",
    model_file: str | None = None,
    notes: Mapping[str, Any] | None = None,
    examples: str | None = None,
    seed: int = 0,
    quantize: str = "none",
    outputs: str = "labelled",
    calibration: str | None = None,
    held_out: str | None = None,
    record: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Do :func:`export_model` as a worker's job: JSON values in, JSON values out."""

    def path(given: str | None) -> Path | None:
        return None if given is None else Path(given)

    try:
        return export_model(
            design,
            path(model_file),
            format,
            Path(out),
            title,
            notes=notes,
            examples=path(examples),
            seed=seed,
            quantize=quantize,
            outputs=outputs,
            calibration=path(calibration),
            held_out=path(held_out),
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
    quantize: str = "none",
    outputs: str = "labelled",
    calibration: Path | None = None,
    held_out: Path | None = None,
    record: Mapping[str, Any] | None = None,
    check_seconds: float = verifying.CHECK_SECONDS,
) -> ExportResult:
    """Export a model, trained or untrained, or what a design says without its weights.

    Args:
        design: what ``Design.to_dict`` returns.
        model_file: the ``.keras`` file of a run of this design; ``None`` builds the design with
            its first, random weights.
        format: name of a format.
        out: where to; a name that ends in ``.zip`` gets a package with a README and the design,
            any other the bare file (its ending is added) or folder (which holds both too).
        title: what the model is called in the README; the template's name if empty.
        notes: for the README, and for what is in the model itself; see :class:`ExportNotes`.
        examples: a ``.npy`` file of held-out examples, as the model takes them, to check with;
            random ones otherwise.
        seed: of the random weights, where the model is built.
        quantize: "none", "dynamic" or "int8", where the format can.
        outputs: "labelled" or "plain", where the format has a choice.
        calibration: a ``.npy`` file of prepared training examples, for "int8".
        held_out: a ``.npz`` file of raw test examples with their labels, for figures of the
            model and of the export, side by side.
        record: of the run, for the package.
        check_seconds: how long the check in a fresh process may take.

    Returns:
        What was made, and how well it agreed.

    Raises:
        DesignError: the design cannot be built.
        MemoryLimitError: it would not fit in memory, together with its check.
        ExportError: unknown format, choices that do not go together, a place that is taken or
            cannot be written, a model file that does not fit; or the reloaded export does not
            predict the same. Nothing is left behind.
    """
    chosen, value, summary, target = check_export(
        design, format, out, quantize=quantize, outputs=outputs, calibration=calibration
    )
    known = with_encoding(ExportNotes.from_dict(notes), record)
    known.check(value["input_shape"], heads(value.parameters), value["task"])
    if model_file is not None and not model_file.is_file():
        raise ExportError(
            f"There is no saved model at {model_file}: the run has not come to its end, or its"
            " files were removed. Train it again, or export the design untrained."
        )
    about = _About(
        chosen,
        value,
        summary,
        target,
        title or value.template,
        known,
        model_file is not None,
        record,
    )
    if isinstance(chosen, DesignFormat):
        return _export_design(about, chosen, check_seconds)

    batches = verifying.inputs_to_check(value["input_shape"], examples)
    held = read_held_out(held_out, summary, known.preprocessing) if held_out else None
    how = How(
        quantize,
        outputs if chosen.labels and known.preprocessing else "plain",
        known,
        read_calibration(calibration, value) if calibration and quantize == "int8" else None,
        pixel_range(known.preprocessing, record, held.raw if held else None),
    )
    proving = Proving(chosen, value, how, batches, held)

    disk = 2**20 + summary.weight_bytes * _copies(chosen, target, quantize)
    disk += sum(batch.nbytes for batch in proving.all_batches)
    with (
        placing.workshop(target, disk) as folder,
        FreshProcess(chosen.runtime()) as fresh,
    ):
        model = model_to_export(value, model_file, summary, seed)
        content, location = _content(folder, chosen, target)
        write_model(chosen, model, value, content / location, target.path, how)
        written = {_kind(chosen, how): content / location}
        programs = [proving.program(chosen.loading_code(location))]
        if quantize != "none":  # the same in floats, to compare with
            floats = folder / "floats" / chosen.file_name
            floats.parent.mkdir()
            write_model(chosen, model, value, floats, target.path, How(notes=known))
            written = {_kind(chosen, How()): floats, **written}
            code = chosen.loading_code(str(floats.resolve()))
            programs.insert(0, proving.program(code, calls=False))
        fresh.ask(content, programs, folder)
        own = proving.own(model)
        told, versions = fresh.answer(check_seconds)
        difference, allowed = proving.compare(own, told[-1])
        rows = [
            Row(
                "Keras model",
                summary.weight_bytes,
                proving.figures(own),
                milliseconds(lambda: verifying.own_predictions(model, batches[:1])),
                proving.measured,
            )
        ]
        for (name, path), one in zip(written.items(), told, strict=True):
            size, _ = placing.size_and_digest(path)
            figures = proving.figures(one.outputs)
            rows.append(Row(name, size, figures, one.milliseconds, proving.measured))
        proof = Proof(
            difference, allowed, proving.examples, in_words(fresh.runtime, versions), versions
        )
        return _finish(about, folder, content, location, proof, how, tuple(rows))


@dataclass(frozen=True)
class _About:
    """What an export is about."""

    format: ExportFormat
    design: Design
    summary: Summary
    target: Target
    title: str
    notes: ExportNotes
    trained: bool
    record: Mapping[str, Any] | None


def _export_design(about: _About, format: DesignFormat, check_seconds: float) -> ExportResult:
    """Export what holds no weights, and prove it in its own way."""
    with placing.workshop(about.target, 2**20) as folder:
        content, location = _content(folder, format, about.target)
        text = format.text(about.summary)
        (content / location).write_text(text, encoding="utf-8")
        proved = format.proof((content / location).read_text(encoding="utf-8"), about.summary)
        versions: dict[str, str] = {}
        if program := format.program(text):
            with FreshProcess(format.runtime()) as fresh:
                fresh.ask(content, [program], folder)
                (told,), versions = fresh.answer(check_seconds)
            run = format.proof_of_run(told.told, about.summary)
            words = f"{in_words(fresh.runtime, versions)}: {run}"
            proved = f"{proved}; {words}" if proved else words
        return _finish(
            about, folder, content, location, Proof(0, 0, 0, proved, versions), How(outputs="plain")
        )


def _finish(
    about: _About,
    folder: Path,
    content: Path,
    location: str,
    proof: Proof,
    how: How,
    rows: tuple[Row, ...] = (),
) -> ExportResult:
    """Lay beside the model what belongs there, and put all in its place."""
    chosen, target = about.format, about.target
    signatures = [asdict(one) for one in chosen.signatures(about.design, how)]
    if target.is_zip or target.is_folder:
        contents = Contents(
            format=chosen,
            location=location,
            title=about.title,
            summary=about.summary,
            notes=about.notes,
            trained=about.trained,
            proof=proof,
            how=how,
            record=about.record,
            comparison=rows,
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
        quantize=how.quantize,
        outputs=how.outputs,
        comparison=rows,
        signatures=tuple(signatures),
    )


def _content(folder: Path, format: ExportFormat, target: Target) -> tuple[Path, str]:
    """Return the folder of what is made, and where in it the model goes."""
    content = folder / "content"
    if target.is_folder:
        return content, "."  # the format makes the folder
    content.mkdir()
    return content, format.file_name


def _copies(format: ExportFormat, target: Target, quantize: str) -> int:
    """Return how often the weights lie on the disk at once."""
    return (
        (2 if target.is_zip else 1)
        + (1 if "dynamic" in format.quantizations else 0)
        + (1 if quantize != "none" else 0)
    )


def _kind(format: ExportFormat, how: How) -> str:
    """Return what a row of the comparison is called."""
    if len(format.quantizations) == 1:
        return format.model_title
    kind, _ = QUANTIZATIONS[how.quantize]
    return f"{format.model_title}, {kind[0].lower()}{kind[1:]}"
