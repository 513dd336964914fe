"""Files that arrive in pieces."""

from __future__ import annotations

import base64
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components import upload
from designer.datasets.own import receiving
from designer.errors import DatasetError
from tests.components.sessions import session_of

TEXT = b"a,b\n" + b"1,2\n" * 50


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path / "home"))
    return session_of(monkeypatch, upload)


def piece(offset: int, length: int = 60, mark: str = "m", **more: Any) -> dict[str, Any]:
    data = base64.b64encode(TEXT[offset : offset + length]).decode()
    return {
        "upload": mark,
        "name": "t.csv",
        "size": len(TEXT),
        "offset": offset,
        "data": data,
    } | more


def waiting(home: Path) -> list[Path]:
    return list((home / "home" / "incoming").iterdir())


def test_a_file_is_put_together_from_its_pieces(tmp_path: Path) -> None:
    offsets = list(range(0, len(TEXT), 60))
    answers = [upload.take_piece(piece(offset)) for offset in offsets]
    assert answers[:-1] == [""] * (len(offsets) - 1)
    path, about = receiving.about(answers[-1])
    assert path.read_bytes() == TEXT
    assert about == {"file_name": "t.csv", "bytes": len(TEXT)}


def test_a_piece_that_comes_twice_counts_once() -> None:
    assert upload.take_piece(piece(0, 150)) == ""
    assert upload.take_piece(piece(0, 150)) == ""
    whole = upload.take_piece(piece(150, 100))
    assert receiving.about(whole)[0].read_bytes() == TEXT


def test_the_last_piece_that_comes_twice_is_no_part_of_a_lost_file() -> None:
    upload.take_piece(piece(0, 150))
    assert upload.take_piece(piece(150, 100)) != ""
    assert upload.take_piece(piece(150, 100)) == ""
    assert upload.take_piece(piece(0, 500, mark="other")) != ""


def test_another_file_begins_anew_and_the_first_is_thrown_away(tmp_path: Path) -> None:
    upload.take_piece(piece(0))
    whole = upload.take_piece(piece(0, 500, mark="other"))
    assert [path.name for path in waiting(tmp_path)] == [whole]


def test_a_piece_without_its_beginning_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="A part of the file was lost"):
        upload.take_piece(piece(60))


@pytest.mark.parametrize(
    "sent",
    [
        None,
        {},
        [],
        "text",
        piece(0, data="no base 64!"),
        piece(0, size="many"),
        piece(0, data=None),
    ],
)
def test_what_is_no_piece_is_refused(sent: Any, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no piece of a file"):
        upload.take_piece(sent)
    assert not (tmp_path / "home" / "incoming").exists()


def test_a_file_that_says_it_is_small_and_is_large_is_cut_off(tmp_path: Path) -> None:
    def take(sent: dict[str, Any]) -> str:
        return upload.take_piece(sent, largest=150, advice="Take half of it.")

    take(piece(0, 100, size=10**12))
    with pytest.raises(DatasetError, match=r"larger than 0 MB.* Take half of it\."):
        take(piece(100, 100, size=10**12))
    assert waiting(tmp_path) == []
    with pytest.raises(DatasetError, match="lost on the way"):
        upload.take_piece(piece(200, 4))


def test_an_empty_file_arrives_too() -> None:
    whole = upload.take_piece(piece(0, 0, size=0))
    assert receiving.about(whole)[1]["bytes"] == 0
