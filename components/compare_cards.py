"""The compared designs as cards: letter, name, what it is; and what can be done with each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import comparison, studio
from components.compare_words import badge, plain_text, shape
from components.comparison import Entry
from components.pressing import pressed
from designer.drawing import write_count
from designer.summary import Summary


def compare_cards(entries: Sequence[Entry], summaries: Sequence[Summary]) -> None:
    """Show a card a design, with its menu."""
    columns = st.columns(max(2, len(entries)), gap="small")
    for place, (entry, summary) in enumerate(zip(entries, summaries, strict=True)):
        with columns[place], st.container(border=True, key=f"compare_card_{place}", gap=None):
            _card(place, entry, summary, len(entries))


def _card(place: int, entry: Entry, summary: Summary, count: int) -> None:
    is_base = entry == comparison.base()
    with st.container(horizontal=True, wrap=False, vertical_alignment="top", gap="small"):
        held = " :gray-badge[base]" if is_base else ""
        st.markdown(f"{badge(place)} **{plain_text(entry.label)}**{held}", width="stretch")
        with st.popover(
            "",
            icon=":material/more_vert:",
            help=f"What to do with design {'ABCD'[place]}",
            key=f"compare_menu_{entry.number}",
            type="tertiary",
        ):
            _menu(place, entry, count, is_base)
    design = entry.design
    figures = f"{write_count(summary.total_params)} parameters"
    own = comparison.title(design)
    what = (
        f"{own}, {shape(design['input_shape'])}"
        if not entry.label.startswith(own)
        else (shape(design["input_shape"]))
    )
    if summary.fault:
        st.markdown(":red[:material/error: cannot be built]")
        st.caption(what)
    else:
        st.caption(f"{what}  \n{figures}")


def _menu(place: int, entry: Entry, count: int, is_base: bool) -> None:
    number = entry.number
    name = f"compare_name_{number}"
    st.text_input(
        "Name",
        entry.label,
        key=name,
        max_chars=comparison.LONGEST_LABEL,
        on_change=_rename,
        args=(number, name),
    )

    def offer(label: str, icon: str, action: object, *arguments: object, off: bool = False) -> None:
        st.button(
            label,
            icon=f":material/{icon}:",
            key=f"compare_{icon}_{number}",
            on_click=action,  # type: ignore[arg-type]
            args=arguments,
            disabled=off,
            width="stretch",
        )

    offer("Make it the base", "flag", comparison.make_base, number, off=is_base)
    offer("Move left", "arrow_back", comparison.move, number, -1, off=place == 0)
    offer("Move right", "arrow_forward", comparison.move, number, 1, off=place == count - 1)
    if pressed(
        "Open in Design",
        icon=":material/architecture:",
        key=f"compare_open_{number}",
        width="stretch",
    ):
        studio.set_design(entry.design)
        st.switch_page("design.py")
    offer("Remove", "delete", comparison.remove, number)


def _rename(number: int, name: str) -> None:
    comparison.rename(number, st.session_state[name])
    # What the field shows is the name it has now: shortened, or its own again.
    st.session_state[name] = next(
        (entry.label for entry in comparison.entries() if entry.number == number), ""
    )
