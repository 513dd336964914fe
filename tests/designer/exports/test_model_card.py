"""The model card, read by a Markdown parser of others: words of data stay words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from markdown_it import MarkdownIt  # Keras brings it along, by way of rich
from markdown_it.token import Token

from designer.datasets.preprocessing import Preprocessing
from designer.design import Design
from designer.exports import labelling
from designer.exports.card_words import code, literal, plain
from designer.exports.notes import ExportNotes
from tests.designer.exports.small_packages import instant_package

NASTY = (
    "a\n```python\nraise SystemExit\n```\n",
    "<img src=x>",
    "a | b",
    "[a](http://b.example)",
    "`",
    "_a_ *b* ~~c~~ &lt; body_fat \\",
)
"""What a cell of a table may hold."""


def parsed(text: str) -> list[Token]:
    """Return what a text is, blocks and what is in their lines."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    found: list[Token] = []
    for token in reader.parse(text):
        found += [token, *(token.children or [])]
    return found


def kinds(text: str) -> dict[str, int]:
    """Return how often a card has what words of data might make."""
    watched = ("fence", "code_block", "html_block", "html_inline", "link_open", "em_open",
               "strong_open", "s_open", "heading_open", "td_open", "code_inline")  # fmt: skip
    types = [token.type for token in parsed(text)]
    return {kind: types.count(kind) for kind in watched}


def card(folder: Path, names: tuple[str, ...], task: str = "multiclass") -> str:
    """Return the card of a model whose data are called this throughout."""
    many = len(names)
    design = Design.from_template("dnn", task=task, input_shape=[many], classes=many)
    notes = {"dataset": names[0], "feature_names": names, "class_names": [names]}
    record = {
        "data": {
            "title": names[1], "description": names[0], "source": names[1], "licence": names[3],
        },
        "reason": names[0],
        "settings": {"dataset": names[4]},
    }  # fmt: skip
    instant_package(folder, design, notes, units=(many,), record=record)
    return (folder / "README.md").read_text()


@pytest.mark.parametrize("task", ["multiclass", "multilabel"])
def test_words_of_data_make_nothing_of_a_card(task: str, tmp_path: Path) -> None:
    nasty, plainly = card(tmp_path / "a", NASTY, task), card(tmp_path / "b", tuple("abcdef"), task)
    assert kinds(nasty) == kinds(plainly)
    for token in parsed(nasty):
        if token.type == "fence" and token.info == "python":
            compile(token.content, "README.md", "exec")
            assert "```" not in token.content


@pytest.mark.parametrize("text", NASTY)
def test_what_is_shown_is_what_was_written(text: str) -> None:
    line = " ".join(text.split())
    shown = "".join(token.content for token in parsed(plain(text)) if token.type != "inline")
    assert shown == line
    (one,) = [token for token in parsed(code(text)) if token.type == "code_inline"]
    assert one.content == line
    assert eval(literal([text])) == [text]


def test_what_a_saved_model_returns_is_told_as_code() -> None:
    design = Design.from_template("dnn", task="regression", input_shape=[2], outputs=1)
    words = labelling.in_words(design, ExportNotes(target_names=("a`b\n# c",)))
    (one,) = [token for token in parsed(words) if token.type == "code_inline"]
    assert "\n" not in words
    assert one.content == " ".join(labelling.target_keys(design, ExportNotes(
        target_names=("a`b\n# c",)))[0].split())  # fmt: skip


def test_large_figures_are_whole(tmp_path: Path) -> None:
    design = Design.from_template("dnn", task="regression", input_shape=[2], outputs=1)
    notes = {"metrics": {"loss": 328_712.4, "val_loss": 0.046693}, "target_names": ["price"]}
    folder = instant_package(tmp_path, design, notes, units=(1,), record={"data": {}})
    assert "| loss | 328,712 | 0.04669 |" in (folder / "README.md").read_text()
    space: dict = {"__name__": "load", "__file__": str(folder / "load.py")}
    exec((folder / "load.py").read_text(), space)
    told = [space["told"]([np.array([value])]) for value in (32_871_211.0, 1995.25, 0.1)]
    assert told == ["price = 32,871,211", "price = 1995.25", "price = 0.1"]


def test_the_card_s_pictures_are_made_of_the_pixels_there_are(tmp_path: Path) -> None:
    raw = (6, 4, 1)
    scaling = Preprocessing("normalise", raw, raw, (0.0,), (16.0,)).to_dict()
    design = Design.from_template("image_dnn", input_shape=list(raw), classes=3)
    record = {"data": {"pixel_range": [0, 16]}}
    folder = instant_package(
        tmp_path, design, {"preprocessing": scaling}, units=(3,), record=record
    )
    text = (folder / "README.md").read_text()
    assert "integers(0, 17, size=(3, 6, 4, 1))" in text
