"""What is exported, in words and names; old packages are removed."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from components.export_view import KEPT_SECONDS, Source, _arguments, _folder, _words
from designer import Design
from designer.training import Progress, Run

RUN = Run(
    id="dnn-iris-abcd",
    created=datetime.now(UTC),
    design=Design.from_template("dnn").to_dict(),
    settings={"dataset": "iris"},
    state="finished",
    process=None,
    progress=Progress(),
    reason=None,
    metrics={"loss": 0.1, "test_loss": 0.2, "test_binary_accuracy": 0.98765},
)


def test_the_package_is_called_after_the_model_and_the_format() -> None:
    assert Source("cnn", {}, "saved_model").file_name == "cnn-saved_model.zip"


def test_a_run_is_told_by_its_figure_on_test_data() -> None:
    design = Design.from_template("resnet50")
    assert _words(RUN, design) == "dnn-iris-abcd, binary accuracy 0.988 on test data"
    assert _words(replace(RUN, metrics={}), design) == "dnn-iris-abcd"
    assert _words(None, design) == "ResNet50, untrained: the design as it stands"


def test_a_run_without_its_files_is_not_offered() -> None:
    assert _arguments(RUN) is None


def test_old_packages_are_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path))
    old, new = _folder() / "old.zip", _folder() / "new.zip"
    for path in (old, new):
        path.write_bytes(b"")
    long_ago = time.time() - KEPT_SECONDS - 60
    os.utime(old, (long_ago, long_ago))
    (_folder() / "a folder").mkdir()
    assert sorted(path.name for path in _folder().iterdir()) == ["a folder", "new.zip"]
