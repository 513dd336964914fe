"""Questions to a worker, the answers of which a fragment waits for without blocking the page."""

from __future__ import annotations

import json
from collections import OrderedDict
from concurrent.futures import Future, TimeoutError
from typing import Any

import streamlit as st

from components.backend import engine
from components.pressing import pressed
from components.pulse import pulse
from designer.errors import DesignerError

#: Answers that are kept; the same question is not asked again.
MOST_ANSWERS = 200

#: Seconds a run of the page waits for an answer, so that quick ones come with it.
AT_ONCE = 0.3

#: Seconds between two looks at an answer that was not there at once.
PATIENCE = 0.4

#: Seconds a worker may take for an answer.
LONGEST = 120


@st.cache_resource(show_spinner=False)
def _asked() -> OrderedDict[str, Future[Any]]:
    return OrderedDict()


def answer_to(job: str, *, key: str, **question: Any) -> Any:
    """Return a worker's answer, or ``None`` while it is not there (or is an error, which is said).

    To be called in a fragment, which is run again until the answer is there.

    Args:
        job: a name in ``designer.engine.jobs.JOBS``.
        key: of the part of the page that asks.
        question: the job's arguments, JSON values.
    """
    asked, name = _asked(), json.dumps([job, question], sort_keys=True)
    if name not in asked:
        while len(asked) >= MOST_ANSWERS:
            asked.popitem(last=False)
        asked[name] = engine().submit(job, timeout=LONGEST, **question)
    future = asked[name]
    try:
        return future.result(timeout=AT_ONCE)
    except TimeoutError:
        st.markdown(":gray[:material/hourglass_top: The model is being asked…]")
        pulse(every=PATIENCE, key=f"{key}_pulse")
    except DesignerError as error:
        st.warning(str(error), icon=":material/folder_off:")
        if pressed("Ask again", key=f"{key}_again"):
            asked.pop(name, None)
            st.rerun(scope="fragment")
    return None
