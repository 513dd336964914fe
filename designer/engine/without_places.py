"""What goes wrong on the server, told to people who cannot look at its disk: without its paths."""

from __future__ import annotations

import re
from pathlib import Path

from designer.paths import home

_INNER = r"[^\s'\"<>:;,()\[\]]*"  # of a path below our folder, none of which has such a sign


def without_places(text: str, out: Path | None = None, file_name: str = "") -> str:
    """Return a message with names in place of the paths of what we keep.

    A file that was to be made is called as the one who asked for it calls it, a log "the server's
    log", the folder something was to be made in "the server's disk", and anything else by its
    last name.

    Args:
        text: the message.
        out: where a file was to be made, if one was.
        file_name: what the one who asked for it calls it.
    """
    if out is not None:
        text = text.replace(str(out), file_name)
    kept = home()
    logs = (kept / "logs").resolve()
    made_in = out.parent.resolve() if out is not None else None

    def name(found: re.Match[str]) -> str:
        path = found[0].rstrip("./")
        end = found[0][len(path) :].lstrip("/")
        place = Path(path).resolve()
        if place == made_in:
            return f"the server's disk{end}"
        if place.is_relative_to(logs):
            return f"the server's log{end}"
        return f"{place.name}{end}"

    roots = {str(one) for one in (kept, kept.absolute(), kept.resolve())}
    longest_first = "|".join(re.escape(root) for root in sorted(roots, key=len, reverse=True))
    return re.sub(rf"(?<![^\s'\"(\[=])(?:{longest_first})(?:/{_INNER})?", name, text)
