"""What a trained model gets right and wrong on examples it has never seen."""

from __future__ import annotations

import streamlit as st

from components.confusion_matrix import confusion_matrix
from components.results_charts import residuals_figure, roc_figure, truth_figure
from components.results_examples import shown_examples
from designer.errors import DesignerError
from designer.evaluating import (
    Confusion,
    Head,
    Results,
    confusion,
    heads_of,
    load_results,
    rank,
    rank_regression,
    residuals,
    roc_curve,
    words,
)
from designer.evaluating.results import ABOUT_FILE
from designer.paths import run_folder
from designer.plain_numbers import plain_number
from designer.training import Run

#: With more classes, curves are drawn for the one that is chosen.
MOST_CURVES = 12


def kept_results(run_id: str) -> Results:
    """Return what a run has kept, read once and not for every look.

    Raises:
        RunError: it has kept nothing, or it cannot be read.
    """
    file = run_folder(run_id) / ABOUT_FILE
    return _read(run_id, file.stat().st_mtime_ns if file.is_file() else 0)


@st.cache_resource(show_spinner=False, max_entries=8)
def _read(run_id: str, written: int) -> Results:
    return load_results(run_id)


def results(run: Run) -> None:
    """Show what a run's model said of its test examples; what is clicked runs nothing else."""
    try:
        kept = kept_results(run.id)
    except DesignerError as error:
        st.info(str(error), icon=":material/folder_off:")
        return
    st.caption(f"{kept.subject.dataset} · {words.how_many(kept)}")
    if kept.subject.task == "regression":
        _numbers(run.id)
    else:
        _classes(run.id)


@st.fragment
def _classes(run_id: str) -> None:
    kept = kept_results(run_id)
    heads = heads_of(kept)
    head = _chosen_head(heads, run_id)
    made = confusion(head)
    st.markdown(f"**{_plain(words.in_all(made))}**")
    st.caption(_plain(words.most_often(made)))
    for sentence in (words.missing_classes(made), words.ignored_classes(made)):
        if sentence:
            st.caption(f":material/info: {_plain(sentence)}")
    left, right = st.columns([6, 5], gap="medium")
    with left:
        st.markdown("##### What was taken for what")
        cell = confusion_matrix(made, key=f"matrix_{run_id}")
    with right:
        if cell is None:
            st.markdown("##### Examples of a cell")
            st.caption("There is no mistake to show. Choose a cell to see its examples.")
        else:
            truth, said = (head.classes[number] for number in cell)
            title = f"“{truth}”, found" if cell[0] == cell[1] else f"“{truth}”, taken for “{said}”"
            st.markdown(f"##### {_plain(title)}")
            shown_examples(
                kept,
                [head],
                made.rows_in(*cell),
                key=f"cell_{run_id}_{head.name}_{cell}",
                nothing="No example is in this cell.",
            )
    _worst(kept, heads, run_id)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("##### Each class")
        st.dataframe(class_table(made), hide_index=True, key=f"classes_{run_id}",
                     column_config=_HELP)  # fmt: skip
    with right:
        st.markdown("##### Found against false alarms")
        _roc(head, run_id)


def _worst(kept: Results, heads: tuple[Head, ...], run_id: str) -> None:
    ranking = rank(heads)
    st.markdown("##### The worst mistakes")
    if len(ranking.rows):
        count = words.counted(len(ranking.rows), "mistake")
        st.caption(f"{count} in all; those first of whose truth the model thought least.")
    # Of many heads, as many labels have, all would not fit a card.
    told = heads if kept.subject.task != "multilabel" else _wrong_labels(heads)
    shown_examples(
        kept, told, ranking.rows, key=f"worst_{run_id}", nothing="The model made no mistake."
    )


def _wrong_labels(heads: tuple[Head, ...]) -> tuple[Head, ...]:
    """Return the labels with the most mistakes."""
    return tuple(sorted(heads, key=lambda head: -int((head.said != head.truth).sum()))[:3])


def _chosen_head(heads: tuple[Head, ...], run_id: str) -> Head:
    if len(heads) == 1:
        return heads[0]
    names = [head.name for head in heads]
    name = st.selectbox("What is predicted", names, key=f"head_{run_id}", width=320)
    return heads[names.index(name)]


_HELP = {
    "found": st.column_config.NumberColumn(
        help="Recall: the part of this class's examples that the model found.", format="percent"
    ),
    "right when said": st.column_config.NumberColumn(
        help="Precision: when the model says this class, how often it is.", format="percent"
    ),
    "F1": st.column_config.NumberColumn(
        help="The harmonic mean of both: high only if both are.", format="%.3f"
    ),
}


def class_table(made: Confusion) -> dict[str, list]:
    """Return the figures of each class as columns; a share of nothing is left empty."""
    figures = made.figures()
    return {
        "class": [one.name for one in figures],
        "examples": [one.support for one in figures],
        "said": [one.said for one in figures],
        "found": [one.recall for one in figures],
        "right when said": [one.precision for one in figures],
        "F1": [one.f1 for one in figures],
    }


def _roc(head: Head, run_id: str) -> None:
    """Show curves of the classes, or of the one that is chosen of many."""
    if head.is_yes_or_no:
        wanted = [1]
    elif len(head.classes) <= MOST_CURVES:
        wanted = list(range(len(head.classes)))
    else:
        name = st.selectbox("Class", head.classes, key=f"roc_{run_id}_{head.name}", width=320)
        wanted = [head.classes.index(name)]
    found = [(head.classes[n], roc_curve(head.truth == n, head.scores[:, n])) for n in wanted]
    curves = [(name, curve) for name, curve in found if curve is not None]
    if not curves:
        st.caption(
            "This takes examples of the class and of others; the test part has only one of the two."
        )
        return
    st.plotly_chart(
        roc_figure(curves),
        key=f"roc_chart_{run_id}",
        config={"displaylogo": False},
        alt="The part of a class that is found against the part of the others taken for it",
    )
    name, lowest = min(curves, key=lambda pair: pair[1].area)
    before = "" if len(curves) == 1 else "The lowest: "
    st.caption(_plain(before + words.area(lowest.area, name)))


@st.fragment
def _numbers(run_id: str) -> None:
    kept = kept_results(run_id)
    names = kept.subject.target_names
    name = names[0]
    if len(names) > 1:
        name = st.selectbox("What is predicted", names, key=f"head_{run_id}", width=320)
    number = names.index(name)
    found = residuals(name, kept.truths[0][:, number], kept.outputs[0][:, number])
    st.markdown(f"**{_plain(words.errors(found))}**")
    figures = {
        "Mean error": (found.mean_error, "Predicted minus true, in the mean."),
        "Mean absolute error": (found.mean_absolute_error, "How far off it is in the mean."),
        "Root mean squared error": (
            found.root_mean_squared_error,
            "How far off, with large errors counting more.",
        ),
        "R²": (found.r2, "The part of the variance it explains: 1 is perfect, 0 is the mean."),
    }
    with st.container(horizontal=True):
        for label, (value, help) in figures.items():
            st.metric(label, "–" if value is None else plain_number(value), border=True, help=help)
    left, right = st.columns(2, gap="medium")
    chart = {"displaylogo": False}
    with left:
        st.plotly_chart(truth_figure(found), key=f"truth_{run_id}", config=chart,
                        alt="Predicted against true numbers")  # fmt: skip
    with right:
        st.plotly_chart(residuals_figure(found), key=f"residuals_{run_id}", config=chart,
                        alt="How often which error occurs")  # fmt: skip
    st.markdown("##### Farthest off")
    ranking = rank_regression(kept.truths[0], kept.outputs[0])
    shown_examples(kept, (), ranking.rows, key=f"worst_{run_id}", nothing="There are no examples.")


def _plain(text: str) -> str:
    """Keep what people called their classes from being read as Markdown."""
    for sign in "\\`*_{}[]<>#$:~|":
        text = text.replace(sign, f"\\{sign}")
    return text
