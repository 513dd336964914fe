"""What the Export page says of an export: its name, its size, its options, its proof."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from components.export_list import state_words
from components.export_options import Wish, expected_size, file_name, has_classes, options_choice
from components.export_proof import (
    comparison_table,
    comparison_words,
    loading_lines,
    proof_words,
    signature_words,
)
from components.export_source import Source
from components.export_view import holds_words, progress_words
from designer import Design, summarize
from designer.engine.export_queue import ExportStatus
from designer.engine.export_records import FAILED, READY, RUNNING, WAITING, ExportRecord
from designer.exports import ExportFormat, format_named
from designer.exports.how import OUTPUTS, QUANTIZATIONS


class Small(ExportFormat):
    """What LiteRT says of itself, and labels."""

    name = "small"
    title = "Small"
    description = "For small devices."
    file_name = "model.small.bin"
    quantizations: ClassVar[tuple[str, ...]] = ("none", "dynamic", "int8")
    labels = True

    def write(self, *_: Any) -> None: ...

    def loading_code(self, path: str) -> str:
        return f"load({path!r})\n"


class Drawing(Small):
    name = "drawing"
    file_name = "drawing.svg"
    holds_weights = False
    labels = False
    quantizations = ("none",)


def source(template: str = "cnn", **arguments: Any) -> Source:
    return Source("cnn", "CNN", arguments, summarize(Design.from_template(template)))


def record(state: str = READY, **more: Any) -> ExportRecord:
    return ExportRecord("0" * 32, "?", "CNN", "cnn.zip", {}, 0.0, ("ann",), state, **more)


@pytest.mark.parametrize(
    ("format", "quantize", "package", "name"),
    [
        (Small(), "none", True, "cnn-small.zip"),
        (Small(), "int8", True, "cnn-small-int8.zip"),
        (Small(), "dynamic", False, "cnn-dynamic.small.bin"),
        (Drawing(), "none", False, "cnn.svg"),
    ],
)
def test_a_file_is_called_after_model_format_and_way(
    format: ExportFormat, quantize: str, package: bool, name: str
) -> None:
    assert file_name("cnn", format, quantize, package=package) == name


def test_the_size_is_that_of_the_weights_roughly() -> None:
    assert expected_size(source(), Small()) == "about 32 MB"
    assert expected_size(source(), Small(), "int8") == "about 8.0 MB"
    assert expected_size(source(), Drawing()) == "less than 1 MB"
    assert expected_size(source("dnn"), Small()) == "less than 1 MB"


def asked(monkeypatch: pytest.MonkeyPatch, of: Source, format: ExportFormat) -> dict[str, Any]:
    """Return the choices that are shown, by their label; and what is wished, under ``""``."""
    shown: dict[str, Any] = {}
    said: dict[str, Any] = {}

    def radio(label: str, ways: list[str], **more: Any) -> str:
        shown[label] = list(ways)
        words = zip(map(more["format_func"], ways), more["captions"], strict=True)
        said[label] = dict(zip(ways, words, strict=True))
        return ways[-1]

    captions: list[str] = []
    stand_in = SimpleNamespace(radio=radio, caption=captions.append)
    monkeypatch.setattr("components.export_options.st", stand_in)
    shown[""] = options_choice(of, format)
    shown["captions"], shown["words"] = captions, said
    return shown


def test_only_what_applies_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    examples = tmp_path / "calibration.npy"
    examples.write_bytes(b"")
    classes = {"class_names": [["a", "b"]]}
    shown = asked(monkeypatch, source(notes=classes, calibration=str(examples)), Small())
    assert shown["Numbers"] == ["none", "dynamic", "int8"]
    assert shown["Answers"] == ["labelled", "plain"]
    assert shown["As"] == ["package", "bare"]
    assert shown["words"]["Numbers"] == QUANTIZATIONS, "in the words of the rest"
    assert shown["words"]["Answers"] == OUTPUTS
    wish: Wish = shown[""]
    assert (wish.job["quantize"], wish.job["outputs"], wish.job["format"]) == (
        "int8", "plain", "small",
    )  # fmt: skip
    assert wish.file_name == "cnn-int8.small.bin"

    shown = asked(monkeypatch, source(), Drawing())
    assert set(shown) == {"As", "", "captions", "words"}
    assert shown["As"][0] == "bare"
    assert "quantize" not in shown[""].job


def test_whole_numbers_are_not_offered_without_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = asked(monkeypatch, source(), Small())
    assert shown["Numbers"] == ["none", "dynamic"]
    assert "train the design first" in shown["captions"][0]


def test_names_of_classes_are_a_question_where_there_are_any() -> None:
    assert not has_classes(source())
    assert not has_classes(source(notes={"class_names": [[]]}))
    assert has_classes(source(notes={"class_names": [["cat", "dog"]]}))


RESULT = {
    "verified_in": "a fresh process",
    "examples": 32,
    "largest_difference": 1.25e-7,
    "allowed_difference": 1e-5,
}


def test_the_proof_is_told_with_its_figures() -> None:
    assert proof_words(RESULT) == (
        "Loaded in a fresh process: on 32 examples its predictions differ from the model's by at"
        " most 1.2e-07, of 1e-05 that would be let pass."
    )
    assert "are exactly the model's" in proof_words({**RESULT, "largest_difference": 0.0})
    read_back = {**RESULT, "examples": 0, "verified_in": "read back: the same design"}
    assert proof_words(read_back) == "Read back: the same design."


def test_the_model_and_what_was_made_of_it_stand_side_by_side() -> None:
    rows = [
        {"model": "Keras", "bytes": 2**20, "figures": {"accuracy": 0.97}, "milliseconds": 1.234},
        {"model": "LiteRT, int8", "bytes": 2**18, "figures": {}, "milliseconds": None},
    ]
    assert comparison_table(rows).splitlines() == [
        "|  | Size | Accuracy | Time |",
        "|:--|--:|--:|--:|",
        "| Keras | 1.0\N{NO-BREAK SPACE}MB | 97.0% | 1.23\N{NO-BREAK SPACE}ms |",
        "| LiteRT, int8 | 256\N{NO-BREAK SPACE}KB |  |  |",
    ]
    assert comparison_words(rows).startswith("Time")
    rows[0]["examples"] = 256
    assert comparison_words(rows).startswith("Figures: on 256 examples it has never seen.")


def test_the_ways_to_call_it_are_told_in_words() -> None:
    one = {"name": "serving_default", "takes": "a batch", "returns": "`classes`"}
    assert signature_words([one]) == "* `serving_default` takes a batch, returns `classes`"


def test_the_lines_that_load_it_name_the_file_there_is() -> None:
    assert "'model.keras'" in loading_lines("keras", "cnn.zip", is_package=True)
    assert "'cnn.keras'" in loading_lines("keras", "cnn.keras", is_package=False)
    assert loading_lines("of another version", "cnn", is_package=False) == ""


def test_where_it_is_on_its_way_is_told() -> None:
    waiting = record(WAITING)
    assert "next one" in progress_words(ExportStatus(waiting, WAITING, 0))
    assert "one export is before it" in progress_words(ExportStatus(waiting, WAITING, 1))
    assert "7 exports are before it" in progress_words(ExportStatus(waiting, WAITING, 7))
    assert progress_words(ExportStatus(waiting, RUNNING, 0, 42)).endswith("predictions… 42 s")
    drawing = replace(waiting, job={"format": "svg"})
    assert progress_words(ExportStatus(drawing, RUNNING)) == "Writing it, reading it back…"


def test_what_became_of_it_is_told_in_the_list() -> None:
    failed = record(FAILED, error="The disk is full.")
    assert state_words(ExportStatus(failed, FAILED)) == "Not made: The disk is full\\."
    made = record(result={"bytes": 2048}, ended=0.0)
    assert state_words(ExportStatus(made, READY)).startswith("2.0 KB, made and proven")


def test_what_the_file_will_hold_is_said_before() -> None:
    assert "a README" in holds_words(format_named("saved_model"), is_package=True)
    assert "The .svg file alone" in holds_words(Drawing(), is_package=False)
    assert "read back" in holds_words(Drawing(), is_package=False)
