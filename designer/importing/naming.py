"""Names from files that anybody may have written, made fit to be shown."""

from __future__ import annotations

import re
from typing import Any

from designer.importing.limits import LONGEST_NAME

_UNFIT = re.compile(r"[^A-Za-z0-9_.>:-]+")


class Names:
    """Gives every layer a name that no other has."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._numbers: dict[str, int] = {}

    def unique(self, wanted: Any, instead: str) -> str:
        """Return ``wanted`` as far as it can be shown, numbered if it is taken.

        Args:
            instead: what a layer without a name is called.
        """
        base = fit(wanted) or fit(instead) or "layer"
        name, number = base, self._numbers.get(base, 1)
        while name in self._given:
            number += 1
            name = f"{base}_{number}"
        self._numbers[base] = number
        self._given.add(name)
        return name


def fit(name: Any) -> str:
    """Return a name with nothing in it but letters, digits and a few signs; empty if none is.

    >>> fit("tf.__operators__.add"), fit("block 1/conv<b>"), fit(None)
    ('tf.__operators__.add', 'block_1_conv_b>', '')
    """
    return _UNFIT.sub("_", name[: 4 * LONGEST_NAME])[:LONGEST_NAME] if isinstance(name, str) else ""
