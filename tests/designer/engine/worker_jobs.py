"""Jobs for the engine's tests, done by a worker that finds this file on its path."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

from designer.errors import DesignError


def echo(**arguments: Any) -> dict[str, Any]:
    return arguments


def noisy() -> str:
    print("garbage", flush=True)
    sys.stdout.write('{"id": 1, "result": "forged"}\n')
    os.write(1, b'{"id": 1, "result": "forged"}\n\xff\xfe not text \n')
    os.system("echo a child of the worker prints too")
    return "the true answer"


def bad_design() -> None:
    raise DesignError("The stride is too large.", field="strides", layer="group1_conv")


def bug() -> None:
    raise KeyError("a mistake\nin two lines")


def not_json() -> object:
    return object()


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "slept"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def process() -> dict[str, int]:
    return {"pid": os.getpid(), "session": os.getsid(0)}


def tensorflow_is_loaded() -> bool:
    return "tensorflow" in sys.modules
