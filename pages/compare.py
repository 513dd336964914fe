"""Compare: up to four designs side by side; what a change changes, and what it costs."""

from __future__ import annotations

import streamlit as st

from components import comparison
from components.compare_adding import compare_adding, compare_sharing, compare_start
from components.compare_cards import compare_cards
from components.compare_view import compare_view
from components.compare_words import plain_text
from components.shelf import shelf
from designer.summary import outline

entries = comparison.entries()
for note in comparison.notes():
    st.warning(plain_text(note), icon=":material/link_off:")
if len(entries) < 2:
    compare_start()
summaries = [outline(entry.design) for entry in entries]
if entries:
    compare_cards(entries, summaries)
with st.container(horizontal=True):
    compare_adding()
    if entries:
        compare_sharing()
held = comparison.base()
if held and len(entries) > 1:
    compare_view(entries, summaries, entries.index(held))
comparison.keep_in_address()
shelf(shown=False)  # so that the designs this browser keeps can be chosen
