"""Long links made short: a design of hundreds of groups fits into an address.

A link that servers, chats and mail programs may cut is written as ``template`` and ``packed``:
everything else, compressed. It stays self-contained.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping

from designer.errors import DesignError

#: The longest query that is written out in words.
LONGEST_IN_WORDS = 1_500

#: The longest link that everything on its way is known to bear.
LONGEST = 7_500

#: The most a packed link may unfold to, in bytes: no link of ours comes near.
_LARGEST = 1_000_000

_PACKED = "packed"


def pack(query: Mapping[str, str]) -> dict[str, str]:
    """Return a design's query, compressed if it is long."""
    if sum(len(name) + len(value) + 2 for name, value in query.items()) <= LONGEST_IN_WORDS:
        return dict(query)
    rest = {name: value for name, value in query.items() if name != "template"}
    text = json.dumps(rest, separators=(",", ":")).encode()
    packed = base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")
    return {"template": query["template"], _PACKED: packed}


def unpack(query: Mapping[str, str]) -> dict[str, str]:
    """Return the query that :func:`pack` was given.

    Raises:
        DesignError: if it was cut or changed on its way.
    """
    unpacked = dict(query)
    packed = unpacked.pop(_PACKED, None)
    if packed is None:
        return unpacked
    try:
        data = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        machine = zlib.decompressobj()
        text = machine.decompress(data, _LARGEST)
        if not machine.eof or machine.unused_data:
            raise ValueError
        rest = json.loads(text)
        if not isinstance(rest, dict) or not all(isinstance(v, str) for v in rest.values()):
            raise ValueError
    except (ValueError, zlib.error, RecursionError):
        raise DesignError(
            f"{_PACKED}: this part of the link is damaged or cut short; the whole link works,"
            " or a design file.",
            field=_PACKED,
        ) from None
    return {**rest, **unpacked}
