"""Whose data are whose, what is on disk, and what goes when they are deleted."""

from __future__ import annotations

import errno
import io
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from designer.datasets import dataset_info, load
from designer.datasets.own import (
    Choices,
    delete,
    description,
    discard,
    is_own,
    keep,
    keeping,
    own_datasets,
    owner_of_token,
    owner_of_user,
    receive,
    receiving,
    storing,
)
from designer.datasets.own.limits import LARGEST_FILE
from designer.datasets.own.writing import ArrayWriter
from designer.errors import DatasetError
from tests.designer.datasets.own.own_files import OWNER, two_classes

TABLE = "a,y\n1,p\n2,q\n3,p\n4,q\n"


def test_data_belong_to_who_brought_them(bring: Callable) -> None:
    info = bring(TABLE)
    other = owner_of_token("ab" * 16)
    assert own_datasets(OWNER) == (info,)
    assert own_datasets(other) == ()
    with pytest.raises(DatasetError, match="somebody else"):
        delete(info.name, other)
    assert dataset_info(info.name) == info


def test_the_secret_itself_is_kept_nowhere(bring: Callable, own_home: Path) -> None:
    token = "5ec4e7" * 6
    with io.BytesIO(TABLE.encode()) as stream:
        received = receive(stream, "t.csv")
    from designer.datasets.own import examine

    examine(received)
    info = keep(received, Choices(), owner_of_token(token))
    assert own_datasets(owner_of_token(token)) == (info,)
    for path in own_home.rglob("*"):
        assert path.is_dir() or token.encode() not in path.read_bytes()


def test_names_of_files_are_shown_and_never_used(own_home: Path) -> None:
    received = receive(io.BytesIO(b"a,b\n"), "../../evil\x00\n.csv")
    assert receiving.about(received)[1]["file_name"] == "evil��.csv"
    assert not list(own_home.parent.rglob("*evil*"))


@pytest.mark.parametrize("token", ["", "short", "../" * 12, "G" * 40, "a" * 65, None, 7])
def test_marks_that_are_not_ours_are_refused(token: object) -> None:
    with pytest.raises(DatasetError, match="not one of ours"):
        owner_of_token(token)  # type: ignore[arg-type]


def test_no_browser_can_pass_for_the_user_of_the_machine() -> None:
    assert owner_of_user() == owner_of_user()
    assert owner_of_user() != owner_of_token("0" * 32)


def test_deleted_data_are_gone_from_the_disk(bring: Callable, own_home: Path) -> None:
    info = bring(two_classes(), "p.zip")
    data = load(info.name)
    delete(info.name, OWNER)
    assert not list((own_home / "data").iterdir())
    assert data.features[0, 0, 0].tolist() == [0, 0, 250], "who reads them now reads on"
    with pytest.raises(DatasetError, match="is not here any more: it was deleted"):
        dataset_info(info.name)
    with pytest.raises(DatasetError, match="is not here any more"):
        load(info.name)
    with pytest.raises(DatasetError, match="is not here any more"):
        delete(info.name, OWNER)


@pytest.mark.parametrize(
    "name", ["own-../../etc", "own-", "own-a/b", "own-ABC", "own-äöü", "own-x\0"]
)
def test_names_never_lead_elsewhere(name: str) -> None:
    with pytest.raises(DatasetError, match="is not here any more"):
        dataset_info(name)
    assert not is_own(None)


def test_the_same_file_by_the_same_choices_is_kept_once(bring: Callable) -> None:
    first = bring(TABLE)
    assert bring(TABLE) == first
    assert bring(TABLE, kinds={"a": "category"}) != first
    assert len(own_datasets(OWNER)) == 2


def test_the_newest_comes_first(bring: Callable) -> None:
    names = [bring(TABLE, title=f"number {n}").name for n in range(3)]
    assert [info.name for info in own_datasets(OWNER)] == names[::-1]
    assert own_datasets(OWNER)[0].title == "number 2"


def test_a_title_is_shown_and_no_more(bring: Callable) -> None:
    info = bring(TABLE, title="x" * 500 + "\n\x07")
    assert len(info.title) == keeping.LONGEST_TITLE


def test_there_is_an_end_to_what_one_owner_keeps(
    bring: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_DATASETS", 1)
    bring(TABLE)
    with pytest.raises(DatasetError, match="Delete one first"):
        bring(TABLE, title="another")


def test_a_table_that_an_earlier_version_filled_by_all_rows_is_kept_anew(bring: Callable) -> None:
    gaps = TABLE + ",3\n" if TABLE.endswith("\n") else TABLE + "\n,3\n"
    with_gaps, whole = bring(gaps), bring(TABLE)
    assert bring(gaps).name == with_gaps.name
    for number, info in enumerate((with_gaps, whole), 1):
        path = storing.data_folder() / info.name / "description.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"version": 1}))
        os.utime(path, (number, number))
    assert dataset_info(with_gaps.name) == with_gaps, "what was trained on it finds it as it was"
    assert bring(gaps).name != with_gaps.name
    assert bring(TABLE).name == whole.name


def test_a_later_version_says_so_and_unknown_fields_are_passed_over(bring: Callable) -> None:
    info = bring(TABLE)
    path = storing.data_folder() / info.name / "description.json"
    values = json.loads(path.read_text())
    assert (values["format"], values["version"]) == ("model-designer-data", 2)
    path.write_text(json.dumps(values | {"invented_later": {"a": 1}}))
    os.utime(path, (1, 1))
    assert dataset_info(info.name) == info
    path.write_text(json.dumps(values | {"version": 3}))
    os.utime(path, (2, 2))
    with pytest.raises(DatasetError, match=r"version 3, and this product reads .* up to version 2"):
        dataset_info(info.name)
    assert own_datasets(OWNER) == ()


@pytest.mark.parametrize("damage", ["not json", "{}", "[]", '{"format": "model-designer-data"}'])
def test_a_damaged_description_says_so(bring: Callable, damage: str) -> None:
    info = bring(TABLE)
    path = storing.data_folder() / info.name / "description.json"
    path.write_text(damage)
    os.utime(path, (3, 3))
    with pytest.raises(DatasetError, match=f"{info.name} "):
        dataset_info(info.name)
    assert own_datasets(OWNER) == ()


@pytest.mark.parametrize("file", ["features.npy", "targets.npy"])
def test_damaged_arrays_say_so(bring: Callable, file: str) -> None:
    info = bring(TABLE)
    path = storing.data_folder() / info.name / file
    path.write_bytes(path.read_bytes()[:90])
    with pytest.raises(DatasetError, match="damaged"):
        load(info.name)
    path.unlink()
    with pytest.raises(DatasetError, match="missing"):
        load(info.name)


def test_a_full_disk_leaves_nothing_behind(
    bring: Callable, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: ArrayWriter, rows: np.ndarray) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ArrayWriter, "append", full)
    with pytest.raises(DatasetError, match="cannot be written: No space left on device"):
        bring(TABLE)
    assert not list((own_home / "data").iterdir())
    assert not list((own_home / "incoming").iterdir())


def test_a_file_that_is_too_large_is_not_kept(own_home: Path) -> None:
    with pytest.raises(DatasetError, match=r"larger than 256 MB.*Take a part of its rows"):
        receive(io.BytesIO(bytes(LARGEST_FILE + 1)), "large.csv")
    assert not list((own_home / "incoming").iterdir())


def test_files_that_wait_are_thrown_away_after_a_day(own_home: Path) -> None:
    old, new = (receive(io.BytesIO(b"a,b\n"), name) for name in ("old.csv", "new.csv"))
    yesterday = time.time() - 2 * receiving.DAY
    os.utime(own_home / "incoming" / old, (yesterday, yesterday))
    receiving.forget_old()
    assert [path.name for path in (own_home / "incoming").iterdir()] == [new]
    discard(new)
    with pytest.raises(DatasetError, match="not there any more"):
        receiving.about(new)
    with pytest.raises(DatasetError, match="no such file"):
        discard("../../etc")


def test_array_writer_writes_what_numpy_reads(tmp_path: Path) -> None:
    rows = np.arange(60, dtype=np.float32).reshape(20, 3)
    with ArrayWriter(tmp_path / "a.npy", (3,), "float32") as writer:  # type: ignore[arg-type]
        writer.append(rows[:7])
        writer.append(rows[7:])
    assert np.array_equal(np.load(tmp_path / "a.npy", mmap_mode="r"), rows)


def test_unfinished_data_sets_are_not_seen(bring: Callable) -> None:
    info = bring(TABLE)
    finished = storing.data_folder() / info.name
    finished.rename(finished.with_name(".unfinished-abc"))
    assert own_datasets(OWNER) == ()
    with pytest.raises(DatasetError, match="is not here"):
        description(info.name)
