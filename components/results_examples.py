"""Test examples with what the model said of them: pictures on cards, or rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from components.data_view import picture_html
from components.pressing import pressed
from designer.evaluating import Head, Results, Subject
from designer.plain_numbers import plain_number

#: How many examples are shown at once; a button shows as many more.
AT_ONCE = 24

#: How many classes a card names with their probabilities.
GUESSES = 3

_STYLE = """
<style>
.mistakes {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(168px, 1fr)); gap: 10px;
}
.mistake {
  display: flex; gap: 10px; padding: 8px; border-radius: 10px; font-size: 13px; line-height: 1.35;
  border: 1px solid color-mix(in srgb, currentColor 18%, transparent); min-width: 0;
}
.mistake figure { flex: none; }
.mistake > div { min-width: 0; flex: 1; }
.mistake b, .mistake .name {
  display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.mistake .guess { display: grid; grid-template-columns: 1fr auto; gap: 0 6px; margin-top: 3px; }
.mistake .bar {
  grid-column: 1 / -1; height: 4px; border-radius: 2px;
  background: color-mix(in srgb, currentColor 12%, transparent);
}
.mistake .bar i { display: block; height: 100%; border-radius: 2px; background: #6a7df0; }
.mistake .true .bar i { background: #2f9e6b; }
.mistake > .gone {
  flex: none; width: 56px; height: 56px; border-radius: 6px; display: grid; place-items: center;
  text-align: center; font-size: 10px; background: color-mix(in srgb, currentColor 8%, transparent);
}
</style>
"""


def shown_examples(
    results: Results, heads: Sequence[Head], rows: np.ndarray, *, key: str, nothing: str
) -> None:
    """Show examples, some at once, with a button for more.

    Args:
        heads: whose guesses are told; none for regression.
        rows: of the examples, in the order they are shown.
        key: of the button and of what it remembers.
        nothing: what is said where there are none.
    """
    if not len(rows):
        st.caption(nothing)
        return
    turned = f"{key}_more"
    most = AT_ONCE * (1 + st.session_state.get(turned, 0))
    some = rows[:most]
    if results.subject.is_picture:
        st.html(_STYLE + cards(results, heads, some))
    else:
        st.dataframe(table(results, heads, some), hide_index=True, key=f"{key}_table")
    if len(rows) > most:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{most:,} of {len(rows):,}")
            if pressed("Show more", key=f"{key}_button", icon=":material/expand_more:"):
                st.session_state[turned] = st.session_state.get(turned, 0) + 1
                st.rerun(scope="fragment")


def cards(results: Results, heads: Sequence[Head], rows: Sequence[int] | np.ndarray) -> str:
    """Return examples as HTML cards: the picture, what it is, and the likeliest guesses."""
    made = []
    for row in rows:
        picture = as_picture(results.subject, results.raw(row))
        figure = (
            '<div class="gone">picture not kept</div>'
            if picture is None
            else picture_html(picture, "", side=56)
        )
        if heads:
            said = "".join(_guesses(head, int(row), len(heads) > 1) for head in heads)
        else:
            said = _numbers(results, int(row))
        made.append(f'<div class="mistake">{figure}<div>{said}</div></div>')
    return f'<div class="mistakes">{"".join(made)}</div>'


def _guesses(head: Head, row: int, several: bool) -> str:
    truth = int(head.truth[row])
    scores = head.scores[row]
    best = [int(number) for number in np.argsort(-scores, kind="stable")[:GUESSES]]
    if truth not in best:
        best[-1] = truth
    about = f"{escape(head.name)}: " if several else "is "
    name = escape(head.classes[truth])
    return f'<b title="{name}">{about}{name}</b>' + "".join(
        guess_html(head.classes[number], float(scores[number]), number == truth) for number in best
    )


def guess_html(name: str, score: float, is_true: bool = False) -> str:
    """Return a class with its probability as a number and a bar."""
    width = 100 * min(1.0, max(0.0, score))
    return (
        f'<div class="guess{" true" if is_true else ""}"><span class="name" title="{escape(name)}">'
        f"{escape(name)}</span><span>{write_chance(score)}</span>"
        f'<div class="bar"><i style="width:{width:.1f}%"></i></div></div>'
    )


def write_chance(score: float) -> str:
    """Write a probability as percents; near its ends as what it is near to."""
    if 0 < score < 0.001:
        return "<0.1%".replace("<", "&lt;")
    if 0.999 < score < 1:
        return "&gt;99.9%"
    return f"{score:.1%}"


def _numbers(results: Results, row: int) -> str:
    lines = []
    for number, name in enumerate(results.subject.target_names):
        truth, said = results.truths[0][row, number], results.outputs[0][row, number]
        numbers = f"is {plain_number(truth)}<br>said {plain_number(said)}"
        lines.append(f"<b>{escape(name)}</b>{numbers}<br>")
    return "".join(lines)


def as_picture(subject: Subject, raw: np.ndarray | None) -> np.ndarray | None:
    """Return raw pixels as a picture to show, uint8 (height, width) or (height, width, 3)."""
    if raw is None:
        return None
    low, high = subject.pixel_range or (0, 255)
    scaled = (np.asarray(raw, np.float32) - low) * (255 / (high - low))
    picture = np.clip(scaled.round(), 0, 255).astype(np.uint8)
    return picture[..., 0] if picture.ndim == 3 and picture.shape[2] == 1 else picture


def table(
    results: Results, heads: Sequence[Head], rows: Sequence[int] | np.ndarray
) -> dict[str, list[Any]]:
    """Return examples as columns: what was said, what is true, how sure, then the features."""
    columns: dict[str, list[Any]] = {}
    several = len(heads) > 1
    for head in heads:
        about = f"{head.name}: " if several else ""
        said = head.said
        columns[f"{about}is"] = [head.classes[head.truth[row]] for row in rows]
        columns[f"{about}taken for"] = [head.classes[said[row]] for row in rows]
        columns[f"{about}probability"] = [f"{head.scores[row, said[row]]:.1%}" for row in rows]
    if not heads:
        targets = results.subject.target_names
        for number, name in enumerate(targets):
            truth, predicted = results.truths[0][:, number], results.outputs[0][:, number]
            about = f"{name}: " if len(targets) > 1 else ""
            columns[f"{about}is"] = [float(truth[row]) for row in rows]
            columns[f"{about}predicted"] = [float(predicted[row]) for row in rows]
            columns[f"{about}off by"] = [float(predicted[row] - truth[row]) for row in rows]
    raws = [results.raw(int(row)) for row in rows]
    for number, name in enumerate(results.subject.feature_names):
        columns[name] = [
            None if raw is None or np.isnan(raw[number]) else float(raw[number]) for raw in raws
        ]
    columns["row"] = [int(results.indices[row]) for row in rows]
    return columns
