"""The two steps of bringing data along: look through a file, then keep it as a person decided.

Both may take a while, so pages have them done in a worker (the job ``own_data``); the command
line does them itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from designer.datasets.catalogue import DatasetInfo
from designer.datasets.own import npz, pictures, receiving, tables
from designer.datasets.own.drafts import Choices, Draft, Problem
from designer.datasets.own.keeping import Keeping
from designer.datasets.own.storing import same_as_before
from designer.errors import DatasetError

_FORMS = {"table": tables, "pictures": pictures, "arrays": npz}
_TOLD_EVERY = 0.2  # seconds


def own_data(
    step: str,
    received: str,
    options: Mapping[str, Any] | None = None,
    choices: Mapping[str, Any] | None = None,
    owner: str = "",
) -> dict[str, Any]:
    """Do a step; the job of a worker.

    Args:
        step: "examine" or "keep".
        received: the name a file waits under (``receiving.receive``).
        options: for "examine", see the modules ``tables`` and ``npz``.
        choices: for "keep", what ``Choices.to_dict`` returns.
        owner: for "keep", whose the data will be.

    Returns:
        the draft, as ``Draft.to_dict`` returns it, or the ``name`` of the data set.

    Raises:
        DatasetError: the file cannot be used so.
    """
    if step == "examine":
        return examine(received, options or {}).to_dict()
    if step == "keep":
        return {"name": keep(received, Choices.from_dict(choices or {}), owner).name}
    raise DatasetError(f"A step is examine or keep, received {step!r}.")


def examine(received: str, options: Mapping[str, Any] | None = None) -> Draft:
    """Look through a waiting file and return what was found.

    Raises:
        DatasetError: it cannot be used.
    """
    path, about = receiving.about(received)
    if not about["bytes"]:
        raise DatasetError(f"{about['file_name']} is empty.")
    form = receiving.form_of(path, about["file_name"])
    found = _FORMS[form].examine(path, dict(options or {}), _telling(received))
    draft = Draft(
        form=form,
        file_name=about["file_name"],
        file_bytes=about["bytes"],
        content=receiving.digest_of(path),
        **found,
    )
    receiving.keep_draft(received, draft)
    return draft


def keep(received: str, choices: Choices, owner: str) -> DatasetInfo:
    """Keep a waiting file as a data set, and throw the file away.

    What the owner has already from the same bytes by the same choices is not kept twice.

    Raises:
        DatasetError: a choice cannot be used, or something is refused.
    """
    if not owner:
        raise DatasetError("It is not known whose data these are: reload the page.")
    path, _ = receiving.about(received)
    draft = receiving.draft_of(received)
    info = same_as_before(owner, draft.content, choices)
    if info is None:
        with Keeping(draft, choices, owner) as keeping:
            info = _FORMS[draft.form].keep(path, draft, choices, keeping, _telling(received))
    receiving.discard(received)
    return info


def bring_file(
    path: Path,
    owner: str,
    decide: Callable[[Draft], Choices],
) -> tuple[DatasetInfo, Draft, tuple[Problem, ...]]:
    """Bring a file of this machine along at once.

    Args:
        path: the file.
        owner: whose the data will be.
        decide: from what was found to what is done with it.

    Returns:
        the data set, what was found, and the problems that were met.

    Raises:
        DatasetError: the file cannot be read, or not be used so.
    """
    try:
        with path.open("rb") as file:
            received = receiving.receive(file, path.name)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise DatasetError(f"{path}: the file cannot be read ({reason}).") from None
    try:
        draft = examine(received)
        choices = decide(draft)
        return keep(received, choices, owner), draft, problems_of(draft, choices)
    finally:
        receiving.discard(received)


def problems_of(draft: Draft, choices: Choices) -> tuple[Problem, ...]:
    """Return every problem of a file as it is to be used."""
    return tables.problems_of(draft, choices) if draft.form == "table" else draft.problems


def _telling(received: str) -> Callable[[float], None]:
    """Return a progress that is written down now and then."""
    last = 0.0

    def tell(part: float) -> None:
        nonlocal last
        if time.monotonic() - last >= _TOLD_EVERY:
            last = time.monotonic()
            receiving.note_progress(received, part)

    return tell
