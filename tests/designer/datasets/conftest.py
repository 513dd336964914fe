"""A folder of our own for what these tests keep, so that no real cache is touched."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory):
    """One folder for all tests that only read: each real data set is converted once."""
    return tmp_path_factory.mktemp("datasets-home")


@pytest.fixture(autouse=True)
def _home(shared_home, monkeypatch):
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(shared_home))


@pytest.fixture
def fresh_home(tmp_path, monkeypatch):
    """An empty folder, and a Keras without anything downloaded."""
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "home"
