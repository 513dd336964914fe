"""What was found in a person's file, to look at and to correct before anything runs."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.markdown import plain_words
from components.own_data_state import Bringing
from components.pressing import pressed
from designer.datasets.own import (
    KINDS,
    WAYS,
    Choices,
    Draft,
    Problem,
    kind_of,
    problems_of,
    targets_of,
)
from designer.datasets.own.dialects import Dialect
from designer.datasets.own.limits import LARGEST_SIDE
from designer.datasets.own.tables import encoding_of
from designer.errors import DesignerError
from designer.memory import write_bytes

#: Classes whose counts are drawn; the rest are told in a line.
MOST_BARS = 12


def review(state: Bringing, draft: Draft) -> None:
    """Show a draft with everything that can be corrected, and the buttons that end it."""
    many = f"{draft.examples:,} {'rows' if draft.form == 'table' else 'examples'}"
    name = plain_words(draft.file_name)
    st.markdown(f"**{name}** · {write_bytes(draft.file_bytes)} · {many}")
    if draft.form == "table":
        choices = _table(state, draft)
    elif draft.form == "pictures":
        choices = _pictures(draft)
    else:
        choices = _arrays(state, draft)
    ready = choices is not None
    if choices is not None:
        try:
            choices = _with_ways(draft, choices)
            _outcome(draft, choices)
            choices.check(problems_of(draft, choices))
        except DesignerError as error:
            st.error(str(error), icon=":material/error:")
            ready = False
    title = st.text_input("Name", draft.file_name.rsplit(".", 1)[0][:80], max_chars=80)
    with st.container(horizontal=True):
        use = pressed(
            "Use these data",
            type="primary",
            icon=":material/check:",
            disabled=not ready,
            key="own_data_use",
        )
        if pressed("Throw away", icon=":material/delete:", key="own_data_throw"):
            state.throw_away()
            st.rerun()
    if use and choices is not None:
        state.keep(Choices(**{**choices.__dict__, "title": title.strip() or None}))
        st.rerun()


def _table(state: Bringing, draft: Draft) -> Choices | None:
    """Show a table: its first rows, its columns, what is to be predicted."""
    dialect = Dialect(**draft.dialect)
    st.caption(f"{dialect.in_words()}. The first rows:")
    names = [column.name for column in draft.columns]
    rows = [dict(zip(names, row, strict=True)) for row in draft.preview]
    st.dataframe(rows, hide_index=True, height=min(286, 35 * len(rows) + 38))
    header = st.checkbox("The first row has the names", dialect.header, key="own_data_header")
    if header != dialect.header:
        state.examine(header=header)
        st.rerun()
    targets = st.multiselect(
        "To predict",
        names,
        [draft.target] if draft.target else [],
        key=f"own_data_targets_{state.received}_{header}",
        help="A number, or a category; several numbers, or several categories.",
    )
    if not targets:
        st.info("Choose what is to be predicted.")
        return None
    state.kinds = _columns(state, draft, Choices(targets=tuple(targets)))
    return Choices(targets=tuple(targets), kinds=dict(state.kinds))


def _columns(state: Bringing, draft: Draft, choices: Choices) -> dict[str, str]:
    """Show what each column is taken for; return those taken for something else than guessed."""
    guesses = {column.name: kind_of(draft, choices, column) for column in draft.columns}
    key = f"own_data_kinds_{state.received}_{'|'.join(choices.targets)}"
    snapshots: dict[str, dict[str, str]] = st.session_state.setdefault("own_data_snapshots", {})
    if key not in snapshots:  # what was corrected before stays, when another target is chosen
        able = {column.name: column.kinds for column in draft.columns}
        kept = {name: kind for name, kind in state.kinds.items() if kind in able.get(name, ())}
        snapshots.clear()
        snapshots[key] = guesses | kept
    told = [
        {
            "Column": column.name,
            "Taken for": KINDS[snapshots[key][column.name]],
            "Missing": column.missing,
            "What is in it": column.summary(),
        }
        for column in draft.columns
    ]
    edited = st.data_editor(
        told,
        key=key,
        hide_index=True,
        disabled=["Column", "Missing", "What is in it"],
        height=min(423, 35 * len(told) + 38),
        column_config={
            "Taken for": st.column_config.SelectboxColumn(
                options=list(KINDS.values()),
                required=True,
                help="Click to correct it. Categories become a number for each of their values.",
            ),
            "Missing": st.column_config.NumberColumn(format="localized"),
        },
    )
    by_word = {word: kind for kind, word in KINDS.items()}
    chosen = {str(row["Column"]): by_word[str(row["Taken for"])] for row in edited}
    return {name: kind for name, kind in chosen.items() if kind != guesses[name]}


def _pictures(draft: Draft) -> Choices:
    """Show some of the pictures, and how they are kept."""
    st.caption(f"Height × width: {draft.sizes}; {'in colour' if draft.colour else 'grey'}.")
    st.html(_gallery(draft))
    height, width, colour = st.columns(3, vertical_alignment="bottom")
    size = draft.size or (32, 32)
    with height:
        rows = st.number_input("Kept at a height of", 1, LARGEST_SIDE, size[0])
    with width:
        columns = st.number_input("and a width of", 1, LARGEST_SIDE, size[1])
    with colour:
        in_colour = st.toggle("In colour", draft.colour)
    needed = draft.examples * rows * columns * (3 if in_colour else 1)
    st.caption(f"They take {write_bytes(needed)} on disk, and are read from there in training.")
    return Choices(size=(int(rows), int(columns)), colour=in_colour)


def _arrays(state: Bringing, draft: Draft) -> Choices:
    """Show the arrays, and which two are taken."""
    table = [dict(zip(("Array", "Shape", "Type"), one, strict=True)) for one in draft.arrays]
    st.dataframe(table, hide_index=True)
    names = [name for name, _, _ in draft.arrays]
    left, right, kind = st.columns(3)
    with left:
        features = st.selectbox("Examples", names, names.index(str(draft.features)))
    with right:
        rest = [name for name in names if name != features]
        at = rest.index(str(draft.labels)) if draft.labels in rest else 0
        labels = st.selectbox("Labels", rest, at)
    if (features, labels) != (draft.features, draft.labels):
        state.examine(features=features, labels=labels)
        st.rerun()
    with kind:
        words = {"category": "Classes", "number": "Numbers"}
        label_kind = st.selectbox(
            "Labels are", draft.label_kinds, format_func=lambda one: words[one]
        )
    what = "Pictures" if draft.kind == "image" else "Rows of numbers"
    st.caption(f"{what}, with values from {draft.sizes}.")
    return Choices(label_kind=label_kind)


def _with_ways(draft: Draft, choices: Choices) -> Choices:
    """Show every problem with what can be done about it; return the choices with that."""
    problems = problems_of(draft, choices)
    if not problems:
        st.markdown(":green[:material/check_circle: Nothing is broken or missing.]")
        return choices
    ways: dict[str, str] = {}
    for problem in problems:
        left, right = st.columns([5, 3], vertical_alignment="center")
        with left:
            st.markdown(f":orange[:material/warning:] {plain_words(_sentence(problem))}")
        with right:
            ways[problem.kind] = st.selectbox(
                problem.message,
                problem.ways,
                key=f"own_data_way_{problem.kind}",
                format_func=lambda way: WAYS[way],
                label_visibility="collapsed",
            )
    if "fill" in ways.values():
        st.caption(
            "Each run fills a gap with the mean of its own training examples; a category that is"
            " missing is one of its own."
        )
    return Choices(**{**choices.__dict__, "ways": ways})


def _sentence(problem: Problem) -> str:
    text = problem.in_words()
    return f"{text[0].upper()}{text[1:]}."


def _outcome(draft: Draft, choices: Choices) -> None:
    """Say what comes of it: what goes in, what has to come out, examples a class."""
    counts = draft.classes
    if draft.form == "table":
        encoding = encoding_of(draft, choices)
        many = len(encoding.feature_names)
        st.markdown(
            f"**{many:,} number{'' if many == 1 else 's'} a row** tell "
            f"**{plain_words(' and '.join(targets_of(draft, choices)))}**."
        )
        counts = {}
        if len(encoding.targets) == 1 and encoding.targets[0].kind == "category":
            told = draft.column(encoding.targets[0].name).counts or {}
            counts = {name: told[name] for name in encoding.targets[0].values}
    elif choices.label_kind == "number":
        counts = {}
    if counts:
        st.html(_bars(counts))
        rare = [name for name, count in counts.items() if count < 3]
        if rare:
            st.caption(
                f"Fewer than three examples: {plain_words(', '.join(rare[:5]))}"
                f"{', …' if len(rare) > 5 else ''}. They cannot be trained on, validated and "
                "tested at once."
            )


def _bars(counts: dict[str, int]) -> str:
    """Return how many examples each class has, as HTML."""
    most = max(counts.values())
    shown = list(counts.items())[:MOST_BARS]
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left;font-weight:400;padding:2px 12px 2px 0;'
        f'max-width:14em;overflow:hidden;text-overflow:ellipsis;white-space:nowrap">'
        f'{escape(name)}</th><td style="width:100%"><div style="height:10px;border-radius:5px;'
        f'background:currentColor;opacity:.45;width:{max(1.0, 100 * count / most):.1f}%"></div>'
        f'</td><td style="text-align:right;padding-left:12px">{count:,}</td></tr>'
        for name, count in shown
    )
    more = len(counts) - len(shown)
    rest = (
        f"<caption style='caption-side:bottom'>and {more:,} more classes</caption>" if more else ""
    )
    return (
        '<table aria-label="Examples a class" style="width:100%;max-width:560px;font-size:14px">'
        f"{rest}{rows}</table>"
    )


def _gallery(draft: Draft) -> str:
    """Return the sample of pictures with their classes, as HTML."""
    figures = "".join(
        f'<figure style="margin:0;width:80px;text-align:center;line-height:1.25">'
        f'<img alt="{escape(label)}" style="max-width:72px;max-height:72px;min-height:32px;'
        f'border-radius:6px;image-rendering:pixelated" src="data:image/png;base64,{picture}">'
        f'<figcaption style="font-size:12px;overflow:hidden;text-overflow:ellipsis">'
        f"{escape(label)}</figcaption></figure>"
        for label, picture in draft.sample
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:10px">{figures}</div>'
