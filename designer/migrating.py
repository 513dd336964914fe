"""Design files of earlier versions, brought to the newest, a version at a time.

There has been one version so far, so there is nothing to bring yet. When the format changes in a
way that an earlier file would be misread, raise ``designer.design.FILE_VERSION`` by one and add
the step from the version before to :data:`STEPS`; keep a file of that version among the fixtures
of ``tests/designer/importing``. A parameter that is only added needs no step: a file without it
has its default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

#: Returns what a file of one version says in the next; what it is given is its own to change.
Step = Callable[[dict[str, Any]], dict[str, Any]]

#: Version → the step from it to the next.
STEPS: Mapping[int, Step] = MappingProxyType({})


def migrated(
    data: Mapping[str, Any], version: int, newest: int, steps: Mapping[int, Step] = STEPS
) -> Mapping[str, Any]:
    """Return a design file as the newest version would say it.

    Args:
        data: the file's values; they are not changed.
        version: what it was written in, at most ``newest``.
        newest: the version that is wanted.
        steps: by the version they start from; one for each but the newest.
    """
    for one in range(version, newest):
        data = {**steps[one](dict(data)), "version": one + 1}
    return data
