"""Whether an export can be made, asked before anything is started. TensorFlow is not needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from designer.design import Design
from designer.errors import ExportError, MemoryLimitError, unknown_name
from designer.exports import placing
from designer.exports.base import ExportFormat
from designer.exports.how import OUTPUTS, QUANTIZATIONS
from designer.exports.litert import NO_CALIBRATION
from designer.exports.placing import Target
from designer.memory import RUNTIME_BYTES, available_bytes, check_memory_to_build, write_bytes
from designer.summary import Summary, summarize

if TYPE_CHECKING:
    import numpy as np


def check_export(
    design: Mapping[str, Any],
    format: str,
    out: Path,
    *,
    quantize: str = "none",
    outputs: str = "labelled",
    calibration: Path | None = None,
) -> tuple[ExportFormat, Design, Summary, Target]:
    """Return what an export is about, having checked that it can be made.

    Raises:
        DesignError, MemoryLimitError, ExportError: as
            :func:`designer.exports.exporting.export_model`.
    """
    from designer.exports import format_named, formats

    chosen = format_named(format)
    check_choices(chosen, quantize, outputs, calibration)
    value = Design.from_dict(design)
    summary = summarize(value)
    endings = {one.suffix for one in formats().values() if one.suffix and not one.is_package}
    target = placing.target_for(chosen, Path(out), endings)
    if chosen.holds_weights:
        _check_memory(summary, chosen)
    return chosen, value, summary, target


def check_choices(
    format: ExportFormat, quantize: str, outputs: str, calibration: Path | None
) -> None:
    """Refuse what does not go together.

    Raises:
        ExportError: with what does.
    """
    if quantize not in QUANTIZATIONS:
        raise ExportError(unknown_name("quantization", quantize, QUANTIZATIONS))
    if outputs not in OUTPUTS:
        raise ExportError(unknown_name("kind of outputs", outputs, OUTPUTS))
    if quantize not in format.quantizations:
        from designer.exports import formats

        able = [one.name for one in formats().values() if quantize in one.quantizations]
        raise ExportError(
            f"quantize: {format.name!r} keeps the weights as they are; for {quantize!r} the format"
            f" {' or '.join(able)} works."
        )
    if format.missing():
        raise ExportError(format.missing())
    if quantize == "int8" and (calibration is None or not calibration.is_file()):
        raise ExportError(NO_CALIBRATION)


def read_calibration(path: Path, design: Design) -> np.ndarray:
    """Return the prepared training examples from which ranges are learned.

    Raises:
        ExportError: the file cannot be read, or its examples have another shape.
    """
    import numpy as np

    shape = design["input_shape"]
    try:
        examples = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ExportError(
            f"The examples to calibrate with in {path} cannot be read ({error}); a .npy file of"
            " numbers, one example a row, works."
        ) from None
    if not len(examples.shape) or not len(examples) or examples.shape[1:] != tuple(shape):
        raise ExportError(
            f"The examples to calibrate with in {path} have the shape {examples.shape}; this model"
            f" takes (n, {', '.join(map(str, shape))}), n at least 1."
        )
    return examples.astype(np.float32)


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
