"""The door: ``streamlit run pages/main.py`` serves the pages, and the exports to download."""

from __future__ import annotations

import sys
from pathlib import Path

from streamlit.starlette import App

# ``streamlit run`` puts this folder on the path, not the one the packages are in.
ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from components.backend import while_serving  # noqa: E402
from components.downloads import download_route  # noqa: E402

app = App("navigation.py", routes=[download_route()], lifespan=while_serving)
