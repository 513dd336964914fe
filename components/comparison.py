"""The designs a session compares: up to four, in the session and in the page's address.

Any page may add to them: ``comparison.add(design, "A wider one")``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import streamlit as st

from components import studio
from designer import Design, DesignError
from designer.templates import template

#: More would not fit beside each other, nor into an eye.
MOST = 4
LETTERS = "ABCD"

#: Longer names are cut; a link may hold anything.
LONGEST_LABEL = 60

_ENTRIES = "comparison_entries"
_BASE = "comparison_base"
_NEXT = "comparison_next"
_NOTES = "comparison_notes"


@dataclass(frozen=True)
class Entry:
    """A design that is compared.

    Attributes:
        number: tells it apart in a session, wherever it moves.
        design: what is compared.
        label: its name for a person.
    """

    number: int
    design: Design
    label: str


def entries() -> tuple[Entry, ...]:
    """Return the designs that are compared, in order; of a link, when one was opened."""
    if _ENTRIES not in st.session_state:
        _restore(st.query_params.to_dict())
    return st.session_state[_ENTRIES]


def base() -> Entry | None:
    """Return the design the others are held against: the first, unless another was chosen."""
    known = entries()
    chosen = st.session_state.get(_BASE)
    return next((entry for entry in known if entry.number == chosen), known[0] if known else None)


def letter(entry: Entry) -> str:
    """Return the letter of a design: its place."""
    return LETTERS[[one.number for one in entries()].index(entry.number)]


def notes() -> tuple[str, ...]:
    """Return what did not work in the link that was opened, or in what was added last."""
    return st.session_state.get(_NOTES, ())


def is_full() -> bool:
    """Return whether no other design can be added."""
    return len(entries()) >= MOST


def add(design: Design, label: str = "") -> bool:
    """Add a design to the comparison, and return whether it is there now.

    It is not when there is no room, or when it has too many layers to be drawn (then
    :func:`notes` says so).

    Args:
        label: its name; without one, its template's and what was chosen of it.
    """
    st.session_state[_NOTES] = ()
    if is_full():
        return False
    known = entries()
    try:
        _ = design.graph  # it is kept, for whoever asks next
    except DesignError as error:
        st.session_state[_NOTES] = (f"{_clean(label) or title(design)} was left out: {error}",)
        return False
    st.session_state[_ENTRIES] = (*known, _entry(design, label, known))
    return True


def start(designs: Sequence[tuple[Design, str]]) -> None:
    """Compare these designs, and no others."""
    st.session_state[_ENTRIES] = ()
    st.session_state[_BASE] = None
    for design, label in designs:
        add(design, label)


def remove(number: int) -> None:
    """Take a design out."""
    st.session_state[_ENTRIES] = tuple(entry for entry in entries() if entry.number != number)
    st.session_state[_NOTES] = ()


def rename(number: int, label: str) -> None:
    """Give a design another name; the one it would have by itself if there is none."""
    st.session_state[_ENTRIES] = tuple(
        replace(entry, label=_clean(label) or automatic_label(entry.design))
        if entry.number == number
        else entry
        for entry in entries()
    )


def move(number: int, step: int) -> None:
    """Move a design one place to the front (−1) or to the back (1)."""
    known = list(entries())
    place = next((at for at, entry in enumerate(known) if entry.number == number), None)
    if place is None or not 0 <= place + step < len(known):
        return
    was = base()
    known[place], known[place + step] = known[place + step], known[place]
    st.session_state[_ENTRIES] = tuple(known)
    st.session_state[_BASE] = was.number if was else None  # the base stays the same design


def make_base(number: int) -> None:
    """Hold the others against this design from now on."""
    st.session_state[_BASE] = number


def automatic_label(design: Design) -> str:
    """Return the name a design has by itself: ``ResNet50, version v2``."""
    known = template(design.template)
    said = []
    for name, value in design.choices.items():
        label = known.parameter(name).label
        short = isinstance(value, (str, int, float)) and not isinstance(value, bool)
        said.append(f"{label.lower()} {value}" if short else f"other {label.lower()}")
    more = ["…"] if len(said) > 2 else []
    return _clean(", ".join([known.title, *said[:2], *more]))


def title(design: Design) -> str:
    """Return a template's name on a page."""
    return template(design.template).title


# --- the address ------------------------------------------------------------------------------


def to_query() -> dict[str, str]:
    """Return the comparison as parts of a page's address.

    ``c1`` to ``c4`` hold a design each, ``n1`` to ``n4`` its name where it has one of its own,
    ``base`` the letter of the one that the others are held against.
    """
    query: dict[str, str] = {}
    known, held = entries(), base()
    for place, entry in enumerate(known, 1):
        query[f"c{place}"] = urlencode(entry.design.to_query())
        if entry.label != automatic_label(entry.design):
            query[f"n{place}"] = entry.label
    if held and held is not known[0]:
        query["base"] = letter(held)
    return query


def keep_in_address() -> None:
    """Write the comparison into the page's address, beside the session's own design."""
    studio.write_address({**studio.address(), **to_query()})


def add_link(text: str) -> None:
    """Add the designs of a link, of this page or of the Design page.

    What in it does not work is left to :func:`notes`.
    """
    query = dict(parse_qsl(urlsplit(text.strip()).query or text.strip().lstrip("?")))
    found, problems = _designs(query)
    if not found and "template" in query:
        found, problems = _one("The link", query, "")
    if not found and not problems:
        problems = ["This is no link to a design or a comparison: it names no template."]
    before = len(entries())
    for design, label in found[: MOST - before]:
        add(design, label)
        problems += notes()
    if len(found) > MOST - before:
        problems.append(f"Only {MOST} designs fit beside each other; the others were left out.")
    st.session_state[_NOTES] = tuple(problems)


def _restore(query: Mapping[str, str]) -> None:
    """Make the comparison that a link holds the session's; bad parts of it become notes."""
    found, problems = _designs(query)
    st.session_state[_ENTRIES] = ()
    for design, label in found[:MOST]:
        add(design, label)
        problems += notes()
    known = st.session_state[_ENTRIES]
    chosen = query.get("base", "A")
    if known and chosen in LETTERS[: len(known)] and len(chosen) == 1:
        st.session_state[_BASE] = known[LETTERS.index(chosen)].number
    elif known:
        problems.append(
            f"base: received {chosen[:20]!r}; a letter of the designs works, such as A."
        )
    st.session_state[_NOTES] = tuple(problems)


def _designs(query: Mapping[str, str]) -> tuple[list[tuple[Design, str]], list[str]]:
    """Return the designs of a link's ``c1`` to ``c4``, and what in them did not work."""
    found: list[tuple[Design, str]] = []
    problems: list[str] = []
    for place in range(1, MOST + 1):
        if f"c{place}" not in query:
            continue
        parts = dict(parse_qsl(query[f"c{place}"], keep_blank_values=True))
        one, wrong = _one(f"Design {place} of the link", parts, query.get(f"n{place}", ""))
        found += one
        problems += wrong
    return found, problems


def _one(
    what: str, query: Mapping[str, str], label: str
) -> tuple[list[tuple[Design, str]], list[str]]:
    own = {name: text for name, text in query.items() if name not in studio.BESIDE}
    try:
        design, wrong = Design.from_query(own)
    except DesignError as error:
        return [], [f"{what} could not be opened: {error}"]
    return [(design, label)], [f"{what}: {note}" for note in wrong]


def _entry(design: Design, label: str, known: Sequence[Entry]) -> Entry:
    number = st.session_state.get(_NEXT, 1)
    st.session_state[_NEXT] = number + 1
    wanted = _clean(label) or automatic_label(design)
    taken, name, again = {entry.label for entry in known}, wanted, 2
    while name in taken:
        name, again = f"{wanted} ({again})", again + 1
    return Entry(number, design, name)


def _clean(label: str) -> str:
    """Return a name on one line, and not too long for a card."""
    text = " ".join(label.split())
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"
