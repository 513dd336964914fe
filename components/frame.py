"""What stands around every page: the title, the mark, the room, what was wrong with a link."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components import studio

_ICON = Path(__file__).with_name("icon.svg")
_MARK = Path(__file__).with_name("logo.svg")

_STYLE = """
<style>
/* Streamlit leaves six lines of room above a page that has its navigation on top. */
.stMainBlockContainer { padding-top: 4.4rem; padding-bottom: 3rem; }
/* Streamlit's own captions are too pale for a projector (4.3 : 1), those in menus too. */
body [data-testid="stCaptionContainer"] { opacity: .8; }
/* So is the ring of what can be chosen (1.4 : 1). */
.stApp [data-testid="stRadioOption"]:not([data-selected="true"]) > div > div:first-child {
  border-color: color-mix(in srgb, currentColor 65%, transparent);
}
/* A choice that is longer than its list ends in dots, not within a letter. */
[role="option"] > [data-item-hl] {
  display: block; align-content: center; text-overflow: ellipsis;
}
.stSelectbox input { text-overflow: ellipsis; }
/* So is what is chosen of several, in dark colours. */
.stApp [data-variant="segmented_control"][data-selected="true"] {
  color: inherit !important; font-weight: 600;
}
/* A link that waits for a mend can still be read. */
[data-testid="stPageLink-NavLink"][disabled] { opacity: .75; color: inherit !important; }
[data-testid="stPageLink-NavLink"][disabled] :is(span, p) { color: inherit !important; }
/* Where the keyboard is, on Streamlit's own parts as on ours. */
.stApp :is(a, button):focus-visible, .stSelectbox > div:has(input:focus-visible) {
  outline: 2px solid currentColor; outline-offset: 2px; border-radius: 8px;
}
.stMain:focus-visible { outline: 2px solid currentColor; outline-offset: -2px; }
/* What has no face takes no room. */
.st-key-history_echo, .st-key-owner, [class*="st-key-pulse_"] { display: none; }
@media (max-width: 1120px) { /* the ways to keep and share a design stay in one row */
  .st-key-design_bar { gap: 7px; }
  .st-key-design_bar > .st-key-template_choice { flex: 0 0 185px; min-width: 0; }
}
/* Streamlit leaves five letters of room beside a page, which a small screen needs. */
@media (max-width: 1200px) { .stMainBlockContainer { padding-inline: max(1rem, 2.4vw); } }
/* What the keyboard reaches is not hidden beneath the head of the page. */
.stMain { scroll-padding-top: 4.4rem; }
@media (min-width: 900px) and (min-height: 620px) {
  /* The controls stay beside what they change, the code far below included. */
  .stHorizontalBlock:has(> .stColumn .st-key-totals_bar) > .stColumn:first-child {
    position: sticky; top: 4.4rem; align-self: flex-start;
  }
}
@media (max-width: 820px) {
  /* One column: what the design costs and its drawing, its controls, then the lists. The totals
     stay in sight while a control further down is dragged. */
  .stHorizontalBlock:has(.st-key-totals_bar) { flex-direction: column; gap: 1rem; }
  .stHorizontalBlock:has(.st-key-totals_bar) > .stColumn,
  .stHorizontalBlock:has(.st-key-totals_bar) > .stColumn > .stVerticalBlock { display: contents; }
  .stHorizontalBlock:has(.st-key-totals_bar) > .stColumn > .stVerticalBlock > * { width: 100%; }
  .stVerticalBlock > :is(.st-key-design_panel, :has(> .st-key-design_panel)) { order: 1; }
  .stVerticalBlock > :is(.st-key-below, :has(> .st-key-below)) { order: 2; }
  .stVerticalBlock > :is(.st-key-totals_bar, :has(> .st-key-totals_bar)) {
    position: sticky; top: 3.75rem; z-index: 50;
  }
  .stMain { scroll-padding-top: 11rem; }
}
/* What an export is goes before what can be done with it, on a line of its own if need be. */
:has(> [class*="st-key-export_words_"]) { flex: 1 1 240px !important; min-width: 0; }
/* Plotly draws the axes of parallel coordinates in black, on dark, too. */
.st-key-history_parallel_room :is(.domain, .tick > line) {
  stroke: currentColor; stroke-opacity: 0.4;
}
@media (max-width: 820px) {
  .st-key-history_parallel_room { overflow-x: auto; }
  .st-key-history_parallel_room > * { min-width: 760px; }
}
@media (max-width: 640px) {
  :has(> [class*="st-key-export_words_"]) { flex-basis: 100% !important; }
  /* What was asked for comes first, not below all that stands beside it on a larger screen. */
  .stHorizontalBlock:has(> .stColumn .st-key-own_data_panel) > .stColumn:last-child { order: -1; }
  .stMainBlockContainer { padding-top: 4rem; }
  /* A run that is watched comes before the choices for another. */
  .stHorizontalBlock:has(> .stColumn .st-key-run_controls) { flex-wrap: wrap-reverse; }
  /* The ways to keep and share a design: their signs in one row; the words are still read aloud. */
  .st-key-design_bar { gap: 5px; }
  .st-key-design_bar > .st-key-template_choice { flex: 1 1 100%; width: 100%; }
  .st-key-design_bar > .st-key-template_choice label { display: none; }
  .st-key-design_bar button { padding-inline: 0; width: 38px; min-width: 0; }
  .st-key-design_bar button [data-testid="stMarkdownContainer"] {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  }
  .st-key-design_bar .stPopover button > div > :last-child:not(:first-child) { display: none; }
}
</style>
"""


def frame() -> None:
    """Set the page's title and layout, and show the mark."""
    st.set_page_config(page_title="Model Designer", page_icon=_ICON.read_text(), layout="wide")
    st.logo(_MARK.read_text(), size="large")
    st.html(_STYLE)


def link_notes() -> None:
    """Say what in the link that opened the page did not work, until the design is changed."""
    # Always there, so that nothing below moves when the notes go: a control in use would be lost.
    with st.container(key="link_notes"):
        for note in studio.notes():
            st.warning(note, icon=":material/link_off:")
