"""Which item of one sequence stands for which of another.

Every function returns pairs of positions, ``None`` where an item has no counterpart, in the
order of both sequences. None of them is slow on long sequences: where an exact answer would
cost too much, the items are compared one by one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Pairs = list[tuple[int | None, int | None]]

#: The most pairs of items that are weighed against each other.
MOST_WEIGHED = 60_000


def align_cheapest(
    a: Sequence[Item], b: Sequence[Item], cost: Callable[[Item, Item], float]
) -> Pairs:
    """Align so that the costs of what is paired, and 1 for each item left over, are least.

    Sequences of one length are compared item by item: whoever changes every group changed them
    where they stand.
    """
    if len(a) == len(b):
        return in_step(len(a), len(b))
    if len(a) > len(b):  # one direction only, so that the answer is the same from both sides
        return [(left, right) for right, left in align_cheapest(b, a, cost)]
    front, back = _equal_ends(len(a), len(b), lambda i, j: cost(a[i], b[j]) == 0)
    inner = _align_inner(a[front : len(a) - back], b[front : len(b) - back], cost)
    return _between_ends(inner, front, back, len(a), len(b))


def _align_inner(
    a: Sequence[Item], b: Sequence[Item], cost: Callable[[Item, Item], float]
) -> Pairs:
    if len(a) * len(b) > MOST_WEIGHED:
        return in_step(len(a), len(b))
    # best[i][j]: the least cost of aligning what follows a[i:] and b[j:].
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    best[len(a)] = [float(len(b) - j) for j in range(len(b) + 1)]
    for i in range(len(a) - 1, -1, -1):
        best[i][len(b)] = float(len(a) - i)
        for j in range(len(b) - 1, -1, -1):
            paired = cost(a[i], b[j]) + best[i + 1][j + 1]
            best[i][j] = min(paired, 1 + best[i][j + 1], 1 + best[i + 1][j])
    pairs: Pairs = []
    i = j = 0
    while i < len(a) and j < len(b):
        if best[i][j] == cost(a[i], b[j]) + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == 1 + best[i][j + 1]:
            pairs.append((None, j))
            j += 1
        else:
            pairs.append((i, None))
            i += 1
    pairs += [(rest, None) for rest in range(i, len(a))]
    pairs += [(None, rest) for rest in range(j, len(b))]
    return pairs


def in_step(a: int, b: int) -> Pairs:
    """Pair the first with the first, the second with the second, and so on."""
    both: Pairs = [(place, place) for place in range(min(a, b))]
    return [
        *both,
        *((place, None) for place in range(b, a)),
        *((None, place) for place in range(a, b)),
    ]


def align_ends(a: Sequence[Hashable], b: Sequence[Hashable]) -> Pairs:
    """Pair what is alike from the front and from the back, and what is between in step.

    For blocks: a group that grows does so in its middle, between the block that opens it and
    the one that closes it.
    """
    front, back = _equal_ends(len(a), len(b), lambda i, j: a[i] == b[j])
    inner = in_step(len(a) - front - back, len(b) - front - back)
    return _between_ends(inner, front, back, len(a), len(b))


def _equal_ends(a: int, b: int, equal: Callable[[int, int], bool]) -> tuple[int, int]:
    """Return how many items are equal from the front, and how many of the rest from the back."""
    front = 0
    while front < min(a, b) and equal(front, front):
        front += 1
    back = 0
    while back < min(a, b) - front and equal(a - 1 - back, b - 1 - back):
        back += 1
    return front, back


def _between_ends(inner: Pairs, front: int, back: int, a: int, b: int) -> Pairs:
    """Put what was aligned inside between the equal ends."""
    return [
        *((place, place) for place in range(front)),
        *((_after(i, front), _after(j, front)) for i, j in inner),
        *((a - place, b - place) for place in range(back, 0, -1)),
    ]


def _after(place: int | None, start: int) -> int | None:
    return None if place is None else place + start


def common_unique(a: Sequence[Hashable], b: Sequence[Hashable]) -> Pairs:
    """Pair equal items, each of which is found once in its sequence, as many as keep the order."""
    places = {item: place for place, item in enumerate(b)}
    both = [(i, places[item]) for i, item in enumerate(a) if item in places]
    # The longest run of rising places in b, by patience sorting.
    tails: list[int] = []
    piles: list[int] = []
    before: list[int | None] = []
    for index, (_, place) in enumerate(both):
        pile = bisect_left(tails, place)
        if pile == len(tails):
            tails.append(place)
            piles.append(index)
        else:
            tails[pile], piles[pile] = place, index
        before.append(piles[pile - 1] if pile else None)
    found: Pairs = []
    last = piles[-1] if piles else None
    while last is not None:
        found.append(both[last])
        last = before[last]
    return found[::-1]


def common(a: Sequence[Hashable], b: Sequence[Hashable]) -> Pairs:
    """Pair equal items, as many as keep the order (the longest common subsequence)."""
    if len(a) * len(b) > MOST_WEIGHED:
        return [(i, i) for i, (x, y) in enumerate(zip(a, b, strict=False)) if x == y]
    longest = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        row, below = longest[i], longest[i + 1]
        for j in range(len(b) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if a[i] == b[j] else max(below[j], row[j + 1])
    found: Pairs = []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif longest[i + 1][j] >= longest[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def gaps(found: Pairs, a: int, b: int) -> Iterator[tuple[range, range]]:
    """Yield the places between pairs, before the first and after the last: both may be empty.

    There is one more of them than pairs.
    """
    i = j = 0
    for left, right in found:
        assert left is not None
        assert right is not None
        yield range(i, left), range(j, right)
        i, j = left + 1, right + 1
    yield range(i, a), range(j, b)
