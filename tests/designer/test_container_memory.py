"""The memory a container leaves, read from files laid out as Linux lays them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from designer import memory

GB = 2**30


def lay_out(folder: Path, limit: str, usage: int, inactive_file: int) -> None:
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{usage}\n")
    (folder / "memory.stat").write_text(f"anon 5\ninactive_file {inactive_file}\nslab 7\n")


def test_a_limit_is_heeded_and_the_cache_of_files_counts_as_free(tmp_path, monkeypatch):
    lay_out(tmp_path, str(4 * GB), 3 * GB, 2 * GB)
    assert min(memory._container_bytes(tmp_path)) == 3 * GB
    monkeypatch.setattr(memory, "_CGROUP_FOLDER", tmp_path)
    assert memory.available_bytes() <= 3 * GB


@pytest.mark.parametrize("limit", ["max", "nonsense"])
def test_without_a_limit_the_machine_is_all(tmp_path, limit):
    lay_out(tmp_path, limit, 3 * GB, 0)
    assert min(memory._container_bytes(tmp_path)) == 2**63


def test_no_container_at_all(tmp_path):
    assert memory._container_bytes(tmp_path) == [2**63]


def test_more_taken_than_allowed_leaves_nothing(tmp_path, monkeypatch):
    lay_out(tmp_path, str(GB), 2 * GB, 0)
    monkeypatch.setattr(memory, "_CGROUP_FOLDER", tmp_path)
    assert memory.available_bytes() == 0
