"""Why a run failed, in words a person can act on."""

from __future__ import annotations

import errno

from designer.errors import DesignerError

_MEMORY = (
    "The machine ran out of memory while training. A smaller batch size, smaller pictures "
    "or a smaller design needs less."
)
_DISK = "The disk is full, so the run could not be written down. Free some space and try again."


def in_words(error: BaseException) -> str:
    """Return the reason a run failed with an exception.

    Errors meant for people speak for themselves; the usual accidents (memory, disk) are
    named with what helps; anything else is given by its type and last line.
    """
    chain = [error]
    while (inner := chain[-1].__cause__ or chain[-1].__context__) and inner not in chain:
        chain.append(inner)
    for one in chain:
        if isinstance(one, DesignerError):
            return str(one)
        text = str(one).lower()
        if isinstance(one, OSError) and one.errno in (errno.ENOSPC, errno.EDQUOT):
            return _DISK
        if "no space left on device" in text or "database or disk is full" in text:
            return _DISK
        # TensorFlow's own class, known by its name: this module must not import it.
        if isinstance(one, MemoryError) or type(one).__name__ == "ResourceExhaustedError":
            return _MEMORY
        if "oom when allocating" in text or "std::bad_alloc" in text:
            return _MEMORY
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    last = f": {lines[-1]}" if lines else ""
    return f"Training failed unexpectedly ({type(error).__name__}{last})."
