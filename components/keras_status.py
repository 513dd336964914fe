"""Whether the real tf.keras model, built in the background, agrees with what the page shows."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import studio
from components.backend import forget_check, keras_check
from components.pressing import pressed
from components.pulse import pulse
from designer.design import Design
from designer.errors import DesignerError
from designer.memory import too_many_parameters
from designer.summary import Summary

#: Seconds between two looks at an answer that is not there yet.
PATIENCE = 0.5


def keras_status(summary: Summary) -> None:
    """Say whether Keras agrees with a design's figures; its own summary is one click away."""
    unbuilt = summary.fault or too_many_parameters(summary)
    if unbuilt or not studio.is_resting():
        # Nothing to build, or a slider on the move: Keras is asked when it rests.
        st.markdown(
            ":gray[:material/hourglass_empty: Keras builds this design once it can be built.]"
            if unbuilt
            else ":gray[:material/hourglass_empty: Keras builds this design when it rests.]"
        )
        return
    _asked(summary.design)


@st.fragment
def _asked(design: Design) -> None:
    """Wait for the answer, then show it; it runs by itself, and nothing else with it."""
    future = keras_check(design)
    if future.done():
        _answer(design, future)
        return
    st.markdown(":gray[:material/hourglass_top: Keras builds the real model in the background…]")
    pulse(every=PATIENCE, key="keras_pulse")


def _answer(design: Design, future: Any) -> None:
    try:
        answer = future.result()
    except DesignerError as error:
        st.markdown(f":red[:material/error: The tf.keras model could not be built.] {error}")
        st.button("Try again", key="keras_again", on_click=forget_check, args=(design,))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if answer["agrees"]:
            st.markdown(
                f":green[:material/check_circle: tf.keras agrees:]"
                f" {answer['total_params']:,} parameters in {answer['layers']:,} layers,"
                f" built with Keras {answer['keras_version']}"
            )
        else:
            st.markdown(
                f":red[:material/error: tf.keras differs] in {len(answer['differences'])} places."
                " This is a defect of Model Designer; please report it."
            )
        if pressed("model.summary()", key="keras_summary", type="tertiary"):
            _summary(answer)


@st.dialog("What Keras says", width="large")
def _summary(answer: dict[str, Any]) -> None:
    for difference in answer["differences"][:20]:
        st.markdown(f"- {difference}")
    st.code(answer["summary_text"], language=None, height=560)
