"""Whose data are whose: a browser has a secret, a data set keeps its digest alone."""

from __future__ import annotations

import getpass
import hashlib
import re

from designer.errors import DatasetError

_TOKEN = re.compile(r"[0-9a-f]{32,64}")


def owner_of_token(token: str) -> str:
    """Return the owner that a browser's secret stands for.

    Args:
        token: 32 to 64 hexadecimal digits, made at random by the browser.

    Raises:
        DatasetError: it is not such a text.
    """
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise DatasetError("The browser's mark is not one of ours: reload the page.")
    return hashlib.sha256(f"browser:{token}".encode()).hexdigest()


def owner_of_user() -> str:
    """Return the owner that this machine's user stands for: for the command line."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = "nobody"
    return hashlib.sha256(f"user:{user}".encode()).hexdigest()
