"""JSON from files that anybody may have written: nothing in it can hang, overflow or run."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from designer.errors import DesignError
from designer.importing.limits import DEEPEST, LARGEST_JSON, MOST_VALUES

_HALVES = re.compile(rb"\\u[dD][89a-fA-F]")


def read_json(text: bytes, what: str) -> Any:
    """Return the values of a JSON text.

    Args:
        text: as it stands in the file.
        what: what it is called in a refusal ("config.json in model.keras").

    Raises:
        DesignError: it is too large, is no JSON, is nested too deeply, or holds numbers that no
            file of a network holds.
    """
    if len(text) > LARGEST_JSON:
        raise DesignError(
            f"{what} is larger than {LARGEST_JSON // 1024**2} MB, the most that is read."
        )
    values = text.count(b",") + text.count(b"[") + text.count(b"{")
    if values > MOST_VALUES:  # a list of empty lists takes thirty times its text in memory
        raise DesignError(f"{what} holds more than {MOST_VALUES:,} values, the most that are read.")
    try:
        data = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except RecursionError:
        raise DesignError(f"{what} is nested too deeply: {DEEPEST} levels are read.") from None
    except ValueError as error:  # JSON's own, text that is no UTF-8, numbers without end
        raise DesignError(f"{what} is not JSON ({_in_a_line(error)}).") from None
    _check_depth(data, what)
    if _HALVES.search(text):  # half a character: nothing that shows text can show it
        try:
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise DesignError(f"{what} holds half a character, which is no text.") from None
    return data


def _no_constant(name: str) -> float:
    raise ValueError(f"it holds {name}, which is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"it holds the number {text[:20]}, which is too large")
    return number


def _in_a_line(error: ValueError) -> str:
    if "integer string conversion" in str(error):  # Python's advice is none to a person
        return "it holds a whole number of thousands of digits"
    return " ".join(str(error).split())[:120]


def _check_depth(data: Any, what: str) -> None:
    level = [data]
    for _ in range(DEEPEST):
        level = [
            child
            for value in level
            if isinstance(value, (dict, list))
            for child in (value.values() if isinstance(value, dict) else value)
            if isinstance(child, (dict, list))
        ]
        if not level:
            return
    raise DesignError(f"{what} is nested too deeply: {DEEPEST} levels are read.")
