"""Above the controls: which template, and the ways to keep, share and open a design."""

from __future__ import annotations

import streamlit as st

from components import studio
from components.choosing import show_choice
from components.compare_adding import compare_button
from components.history_bar import history_bar
from components.opening import open_a_file, told
from components.share import share
from components.shelf import shelf
from designer.design import Design
from designer.templates import template, templates

_TEMPLATE = "template_choice"


def design_bar(design: Design) -> None:
    """Show the template's choice, what it is, and the ways to keep, share and open a design.

    It stands outside the part of the page that follows a dragged control, and is not drawn anew
    with it: what its menus give (the link, the file) is made when it is asked for.
    """
    show_choice(_TEMPLATE, design.template)
    known = template(design.template)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="design_bar"):
        st.selectbox(
            "Template",
            list(templates()),
            key=_TEMPLATE,
            format_func=lambda name: templates()[name].title,
            on_change=_switch,
            width=260,
        )
        history_bar()
        shelf()
        with st.popover("Share", icon=":material/link:", key="share_menu"):
            share(
                "This link opens exactly this design, for anybody, with nothing stored:",
                without=studio.BESIDE,
                key="share_link",
            )
        with st.popover("File", icon=":material/folder:", key="file_menu"):
            st.download_button(
                "Save the design",
                studio.newest_json(),
                file_name=f"{design.template}.json",
                mime="application/json",
                icon=":material/save:",
                on_click="ignore",
            )
            open_a_file()
        st.button(
            "Reset",
            icon=":material/restart_alt:",
            on_click=_reset,
            help="Every parameter back to the template's default. It can be undone.",
        )
        if known.as_composable:
            st.button(
                "Make it yours",
                icon=":material/tune:",
                on_click=_make_composable,
                help="The same network as a composable design, in which each group has its own"
                " block pattern. It can be undone.",
            )
        compare_button(design)
    st.caption(f"{known.summary} {known.source}.")
    told()


def _reset() -> None:
    studio.set_design(studio.current_design().reset(), "Reset")


def _make_composable() -> None:
    studio.set_design(studio.current_design().as_composable(), "Made it yours")


def _switch() -> None:
    studio.switch_template(st.session_state[_TEMPLATE])
