"""Ways to bring a design into the comparison: a choice, a file, a link; and first starts."""

from __future__ import annotations

import streamlit as st

from components import comparison, studio
from components.compare_sources import Source, sources
from components.compare_words import plain_text
from components.pressing import pressed
from components.share import share
from designer import Design, DesignError
from designer.templates import template

_CHOICE = "compare_choice"
_FILES = "compare_files"
_OPENED = "compare_files_opened"
_LINK = "compare_link"
_PROBLEMS = "compare_problems"


def compare_adding() -> None:
    """Show the ways to add a design."""
    full = comparison.is_full()
    with st.popover(
        "Add a design",
        icon=":material/add:",
        disabled=full,
        help=f"{comparison.MOST} designs are compared; remove one first." if full else None,
        key="compare_add_menu",
    ):
        known = {source.key: source for source in sources()}
        st.selectbox(
            "One of these",
            list(known),
            key=_CHOICE,
            format_func=lambda key: f"{known[key].label} · {known[key].kind}",
        )
        st.button("Add", icon=":material/add:", on_click=_add, args=(known,), key="compare_add")
        st.file_uploader(
            "Design files",
            type="json",
            accept_multiple_files=True,
            key=_FILES,
            on_change=_open_files,
        )
        st.text_input(
            "A link to a design or a comparison",
            key=_LINK,
            on_change=_open_link,
            placeholder="https://…?template=…",
        )
        for problem in st.session_state.get(_PROBLEMS, ()):
            st.error(plain_text(problem))


def compare_sharing() -> None:
    """Show the link that restores the comparison, and the way to begin anew."""
    with st.popover("Share", icon=":material/link:", key="compare_share"):
        share(
            "This link opens exactly this comparison, for anybody, with nothing stored:",
            query=comparison.to_query(),
            key="compare_share_link",
        )
    st.button("Clear", icon=":material/clear_all:", on_click=comparison.start, args=((),))


def compare_start() -> None:
    """Show what to do while there is nothing to compare, with starts of one click."""
    st.markdown(
        "#### What does a change cost, and what does it change?\n"
        "Put two to four designs side by side: variants of yours, templates, files. You see the"
        " difference **in words**, in **totals**, on **drawings of one scale**, and **layer for"
        " layer** where they match. One is the base (A); the others are held against it."
    )
    starts = [
        (
            "v1 against v1.5 of ResNet50",
            [_variant("resnet50", "v1"), _variant("resnet50", "v1.5", version="v1.5")],
        ),
        ("ResNet34 against ResNet50", [_variant("resnet34"), _variant("resnet50")]),
    ]
    mine = studio.current_design()
    usual = Design.from_template(mine.template)
    with st.container(horizontal=True, key="compare_starts"):
        for label, designs in starts:
            st.button(label, icon=":material/compare:", on_click=comparison.start, args=(designs,))
        st.button(
            "Your design against its template",
            icon=":material/architecture:",
            on_click=comparison.start,
            args=([(usual, comparison.title(mine)), (mine, f"Your {comparison.title(mine)}")],),
            disabled=mine == usual,
            help="Your design is its template still: change something on the Design page."
            if mine == usual
            else None,
        )


def compare_button(design: Design, label: str = "") -> None:
    """Offer to add a design to the comparison, from any page."""
    if pressed(
        "Compare",
        icon=":material/compare:",
        disabled=comparison.is_full(),
        help=f"{comparison.MOST} designs are compared already; remove one on the Compare page."
        if comparison.is_full()
        else "Add this design to the comparison.",
        key="compare_button",
    ):
        comparison.add(design, label or f"Your {comparison.title(design)}")
        st.switch_page("compare.py")


def _variant(name: str, label: str = "", **changes: object) -> tuple[Design, str]:
    design = Design.from_template(name, **changes)
    return design, f"{template(name).title} {label}".strip()


def _add(known: dict[str, Source]) -> None:
    source = known.get(st.session_state[_CHOICE])
    st.session_state[_PROBLEMS] = ()
    if source:
        comparison.add(source.design, source.label)


def _open_files() -> None:
    problems = []
    opened = st.session_state.setdefault(_OPENED, set())
    for file in st.session_state[_FILES] or ():
        if file.file_id in opened:  # the list keeps those that were opened before
            continue
        opened.add(file.file_id)
        if comparison.is_full():
            problems.append(f"{file.name}: {comparison.MOST} designs are compared already.")
            continue
        try:
            comparison.add(Design.from_json(file.getvalue()), file.name.removesuffix(".json"))
        except DesignError as error:
            problems.append(f"{file.name}: {error}")
    st.session_state[_PROBLEMS] = tuple(problems)


def _open_link() -> None:
    text = st.session_state[_LINK]
    st.session_state[_LINK] = ""
    st.session_state[_PROBLEMS] = ()
    if text.strip():
        comparison.add_link(text)
