"""Run the design page's script again and again, each time with other filters; print seconds."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from components import studio
from designer import Design

PAGE = Path(__file__).resolve().parents[2] / "pages" / "navigation.py"


def main(template: str, repetitions: int) -> None:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.query_params["template"] = template
    page.run()
    seconds = []
    for number in range(repetitions + 3):
        groups = [dict(group) for group in Design.from_template(template)["groups"]]
        groups[0]["filters"] = 65 + number
        page.session_state[studio._DESIGN] = Design.from_template(template, groups=groups)
        begun = time.perf_counter()
        page.run()
        seconds.append(time.perf_counter() - begun)
        assert not page.exception
    print(json.dumps(seconds[3:]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
