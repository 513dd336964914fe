"""What came of an export, written down for those who asked for it."""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from designer.engine.export_records import FAILED, READY, ExportRecord
from designer.engine.without_places import without_places
from designer.errors import DesignerError


def write_down(record: ExportRecord, future: Future[Any], out: Path | None) -> None:
    """Write down what came of an export, and throw away what is not of its file.

    Args:
        record: the export.
        future: the job that made it, which is over.
        out: where its file was to be made.
    """
    error = future.exception()
    ended = replace(record, ended=time.time(), state=FAILED)
    if error is None:
        result = future.result()
        file = Path(result["path"]).relative_to(record.folder)
        ended = replace(ended, state=READY, result=result, file=file.as_posix())
    else:
        said = str(error) if isinstance(error, DesignerError) else f"It failed: {error}"
        ended = replace(ended, error=without_places(said, out, record.file_name))
    try:
        ended.save()
    except OSError as problem:  # nothing can be promised that is not written down
        why = f"The server's disk cannot be written: {problem.strerror or type(problem).__name__}."
        with contextlib.suppress(OSError):
            replace(record, ended=time.time(), state=FAILED, error=why).save()
    ended.clear()


def give_up_on(record: ExportRecord) -> None:
    """Write down that an export is not begun again, since the server ended while it was made.

    Raises:
        OSError: it cannot be written.
    """
    why = (
        f"The server ended {record.attempts} times while this was made, most often for memory: it"
        " is not begun again by itself. Ask whoever runs the server, or export a smaller model."
    )
    replace(record, ended=time.time(), state=FAILED, error=why).save()
