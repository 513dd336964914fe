"""A stand-in for a visitor's session: what components keep, without a server."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace

import pytest


class Address(dict[str, str]):
    """What Streamlit keeps of the page's address."""

    to_dict = dict.copy

    def from_dict(self, values: dict[str, str]) -> None:
        self.clear()
        self.update(values)


def session_of(monkeypatch: pytest.MonkeyPatch, *modules: ModuleType) -> SimpleNamespace:
    """Return a new session, which the modules take for Streamlit's."""
    made = SimpleNamespace(
        session_state={},
        query_params=Address(),
        context=SimpleNamespace(url="http://here/?old=1"),
    )
    for module in modules:
        monkeypatch.setattr(module, "st", made)
    return made
