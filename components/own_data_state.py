"""Where a person is in bringing data along: the file, what was found in it, what they decided."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from components.backend import engine
from components.owner import owner
from designer.datasets import DatasetInfo, dataset_info
from designer.datasets.own import Choices, Draft, description, discard, own_datasets
from designer.errors import DesignerError

_KEY = "own_data"

#: What somebody else's data are called.
NOT_TOLD = "Own data"

#: Seconds that looking through or keeping a file may take.
PATIENCE = 1800


@dataclass
class Bringing:
    """A file on its way to a data set.

    Attributes:
        opened: whether the panel is open.
        uploads: how many files were taken; the control that takes them begins anew after each.
        received: the name the file waits under.
        doing: what is being done with it: "examine", "keep" or "".
        work: the answer that is waited for.
        draft: what was found in it.
        options: how it is looked through.
        kinds: columns that a person takes for something else than guessed.
        problem: why it cannot be used.
        told: the problem that is on the page.
        kept: the data set that was made last.
    """

    opened: bool = False
    uploads: int = 0
    received: str = ""
    doing: str = ""
    work: Future[Any] | None = None
    draft: Draft | None = None
    options: dict[str, Any] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    told: str = ""
    kept: str = ""

    def take(self, received: str) -> None:
        """Take a file that has arrived, and have it looked through."""
        self.throw_away()
        self.uploads += 1
        self.received = received
        self.examine()

    def refuse(self, problem: str) -> None:
        """Say why a file could not be taken."""
        self.throw_away()
        self.uploads += 1
        self.problem = problem

    def examine(self, **options: Any) -> None:
        """Have the file looked through, perhaps in another way than before."""
        self.options |= options
        self.kinds = {}
        self._do("examine", options=self.options)

    def keep(self, choices: Choices) -> None:
        """Have the file kept as a data set."""
        self._do("keep", choices=choices.to_dict(), owner=owner() or "")

    def look(self) -> bool:
        """See whether the work is done; return whether something is still under way."""
        if self.work is None:
            return False
        if not self.work.done():
            return True
        doing, work = self.doing, self.work
        self.doing, self.work = "", None
        try:
            answer = work.result()
        except DesignerError as error:
            self.problem = str(error)
            return False
        if doing == "examine":
            self.draft = Draft.from_dict(answer)
        else:
            self.kept = answer["name"]
            self.received, self.draft = "", None
        return False

    def throw_away(self) -> None:
        """Forget the file."""
        if self.received:
            discard(self.received)
        self.received, self.draft, self.problem = "", None, ""
        self.options, self.kinds = {}, {}
        self.doing, self.work = "", None

    def _do(self, step: str, **arguments: Any) -> None:
        self.problem, self.doing = "", step
        self.work = engine().submit(
            "own_data", timeout=PATIENCE, step=step, received=self.received, **arguments
        )


def bringing() -> Bringing:
    """Return where this session's person is."""
    state: Bringing = st.session_state.setdefault(_KEY, Bringing())
    return state


def own_list() -> tuple[DatasetInfo, ...]:
    """Return the data sets of this browser, the newest first."""
    who = owner()
    return own_datasets(who) if who else ()


def own_title(name: str) -> str:
    """Return what a data set that somebody brought along is called on this page: its title, if it
    is this browser's. Others see no more than that it was brought along."""
    try:
        if description(name)["owner"] == owner():
            return dataset_info(name).title
    except DesignerError:
        pass  # deleted; its runs stay
    return NOT_TOLD
