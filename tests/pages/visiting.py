"""Opens a page as a script, and finds what is on it.

What happens inside our own controls is seen by the journeys in ``tests/browser``; a script's test
cannot reach them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from designer import Design

ROOT = Path(__file__).resolve().parents[2]


def visit(page: str = "design", **query: str) -> AppTest:
    """Open a link to a page, as a new person."""
    app = AppTest.from_file(str(ROOT / "pages/navigation.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    if page != "design":
        app.switch_page(f"{page}.py")
    app.run()
    assert not app.exception
    return app


def markdown(app: AppTest) -> str:
    return "\n".join(one.value for one in app.markdown)


def button(app: AppTest, label: str) -> Any:
    return next(one for one in app.button if one.label == label)


def design_of(app: AppTest) -> Design:
    return app.session_state["studio_design"]
