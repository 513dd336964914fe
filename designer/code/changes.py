"""Which lines of new source differ from the old, for the marks beside them."""

from __future__ import annotations

from difflib import SequenceMatcher


def changed_lines(before: str, after: str) -> tuple[int, ...]:
    """Return the numbers, from 1, of the lines of ``after`` that ``before`` has not at that place.

    Where lines were only taken away, the line after the gap is marked; the last one at the end.

    >>> changed_lines("a\\nb\\nc", "a\\nB\\nc")
    (2,)
    """
    if before == after:
        return ()
    old, new = before.splitlines(), after.splitlines()
    first = 0  # what is alike at both ends need not be compared: sources are long, changes small
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    matcher = SequenceMatcher(
        None, old[first : len(old) - last], new[first : len(new) - last], autojunk=False
    )
    marked: set[int] = set()
    for tag, _, _, start, end in matcher.get_opcodes():
        if tag == "delete":
            marked.add(min(first + start + 1, max(len(new), 1)))
        elif tag != "equal":
            marked.update(range(first + start + 1, first + end + 1))
    return tuple(sorted(marked))
