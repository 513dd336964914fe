"""The comparison itself: words, totals, drawings, chart, layers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.compare_chart import compare_chart
from components.compare_drawings import compare_drawings
from components.compare_tables import compare_layers_table, compare_totals_table
from components.compare_words import badge, plain_text
from components.comparison import Entry
from designer.comparing import Comparison, compare_summaries
from designer.summary import Summary


def compare_view(entries: Sequence[Entry], summaries: Sequence[Summary], base: int) -> None:
    """Show how the designs differ from the base."""
    labels = [entry.label for entry in entries]
    comparisons = [compare_summaries(summaries[base], summary) for summary in summaries]
    others = [place for place in range(len(entries)) if place != base]
    st.markdown("#### The difference in words")
    for place, column in zip(others, st.columns(len(others)), strict=True):
        with column:
            _words(place, base, labels, comparisons[place])
    st.markdown("#### Totals")
    compare_totals_table(labels, base, comparisons, key="compare_totals")
    st.markdown("#### Drawings, on one scale")
    compare_drawings(labels, summaries)
    st.markdown("#### Parameters against multiply-adds")
    compare_chart(labels, summaries)
    _layers(base, others, labels, comparisons)


def _words(place: int, base: int, labels: Sequence[str], comparison: Comparison) -> None:
    """Say how one design differs from the base."""
    with st.container(border=True, key=f"compare_words_{place}", gap="small"):
        st.markdown(
            f"{badge(place)} **{plain_text(labels[place])}** against {badge(base)}"
            f" **{plain_text(labels[base])}**: {comparison.headline('ABCD'[base], 'ABCD'[place])}"
        )
        if comparison.words:
            st.markdown("\n".join(f"- {plain_text(text)}" for text in comparison.words))
        fault = comparison.b.fault
        if fault:
            st.markdown(
                f":red[:material/error: It cannot be built]: its totals end at"
                f" {plain_text(fault.layer or '')}. {plain_text(str(fault))}"
            )
        if comparison.a.fault and place != base:
            st.markdown(
                ":red[:material/error: The base cannot be built], so most totals"
                " cannot be held against it."
            )


@st.fragment
def _layers(
    base: int, others: Sequence[int], labels: Sequence[str], comparisons: Sequence[Comparison]
) -> None:
    """Show two designs layer for layer."""
    st.markdown("#### Layer for layer")
    with st.container(horizontal=True, vertical_alignment="center"):
        place = others[0]
        if len(others) > 1:
            names = {f"{'ABCD'[place]} against {'ABCD'[base]}": place for place in others}
            chosen = st.segmented_control(
                "Which",
                list(names),
                key="compare_pair",
                label_visibility="collapsed",
                default=next(iter(names)),
            )
            place = names.get(chosen or "", others[0])
        every = st.toggle("Show all layers", key="compare_all")
    comparison = comparisons[place]
    if comparison.is_same_network and not every:
        st.caption("All layers are alike.")
        return
    compare_layers_table(comparison, (base, place), all_layers=every, key="compare_layers")
