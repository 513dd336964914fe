"""A home of its own for every test, and files as people have them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from designer.datasets import DatasetInfo
from designer.datasets.own import Choices, Draft, bring_file, examine, receive
from tests.designer.datasets.own.own_files import OWNER


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(home))
    return home


Look = Callable[..., Draft]
Bring = Callable[..., DatasetInfo]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Look through a file of these bytes."""

    def look(content: bytes | str, name: str = "file.csv", **options: object) -> Draft:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with path.open("rb") as file:
            received = receive(file, name)
        return examine(received, options)

    return look


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    """Keep a file of these bytes as a data set."""

    def bring(content: bytes | str, name: str = "file.csv", **choices: object) -> DatasetInfo:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return bring_file(path, OWNER, lambda draft: Choices(**choices))[0]  # type: ignore[arg-type]

    return bring
