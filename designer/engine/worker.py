"""The main loop of a worker process: ``python -m designer.engine.worker [--warm]``.

Reads jobs from standard input, one JSON object a line, and answers on a private copy of
standard output (``designer.engine.protocol``). Standard output itself is turned to
standard error first, so that nothing a library prints can fall between the answers. When
standard input ends, because the engine closed it or its process died, the job under way
is finished and the worker ends: a training run outlives the server that started it.

Runs only in processes of its own; ``--warm`` imports TensorFlow before the first job.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from typing import Any, BinaryIO


def main(arguments: list[str]) -> int:
    """Serve jobs until standard input ends; return the exit status."""
    answers = _private_output()
    if "--warm" in arguments:
        _warm_up()
    from designer.engine.protocol import encode_line

    if not _write(answers, encode_line({"ready": True})):
        return 0
    for line in sys.stdin.buffer:
        if not _write(answers, _answer(line)):
            break  # nobody listens any more
    return 0


def _private_output() -> BinaryIO:
    """Return a stream to the engine, and turn file descriptor 1 to standard error."""
    private = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return os.fdopen(private, "wb", buffering=0)


def _warm_up() -> None:
    """Import TensorFlow and pay once for what a first run costs."""
    try:
        import designer.training.worker_run  # noqa: F401  (what a run needs)
        from designer.training.loop import warm_up
        from designer.training.store import RunStore

        RunStore().close()  # the database library takes half a second to import
        warm_up()
    except Exception:
        # The first job that needs it will meet the same error and tell it to a person.
        traceback.print_exc()


def _answer(line: bytes) -> bytes:
    """Do the job on a line and return the line that answers it."""
    import json

    from designer.engine.jobs import job_function
    from designer.engine.protocol import describe_error, encode_line

    request: dict[str, Any] = json.loads(line)
    try:
        result = job_function(request["job"])(**request["arguments"])
        return encode_line({"id": request["id"], "result": result})
    except (Exception, SystemExit) as error:
        print(f"--- {time.ctime()}: job {request['job']!r} failed", file=sys.stderr)
        traceback.print_exc()
        sys.stderr.flush()
        return encode_line({"id": request["id"], "error": describe_error(error)})


def _write(answers: BinaryIO, line: bytes) -> bool:
    """Write a line to the engine; False if it no longer listens."""
    try:
        while line:
            line = line[answers.write(line) :]
    except BrokenPipeError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
