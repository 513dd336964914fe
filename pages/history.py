"""History: every run, what came of it, and any of them beside one another."""

from __future__ import annotations

from components import studio
from components.history_view import history_view

history_view()

studio.keep_in_address()
