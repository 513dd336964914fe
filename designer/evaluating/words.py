"""What a matrix, a curve or an error says, in sentences."""

from __future__ import annotations

from designer.evaluating.confusion import Confusion
from designer.evaluating.residuals import Residuals
from designer.evaluating.results import Results
from designer.plain_numbers import plain_number


def counted(count: int, word: str) -> str:
    """Write a count with its word: ``1 example``, ``1,200 examples``."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def how_many(results: Results) -> str:
    """Say how many of the test examples are looked at."""
    if len(results) < results.tested:
        return (
            f"{len(results):,} of {results.tested:,} test examples were kept; all that is shown "
            "here is of them."
        )
    return f"{counted(len(results), 'test example')}, never trained on."


def in_all(confusion: Confusion) -> str:
    """Say how many are right, and how often a guess without looking would be."""
    right, examples = confusion.right, confusion.examples
    share = f"{right:,} of {examples:,} are right ({right / examples:.1%})."
    support = confusion.counts.sum(axis=1)
    most = int(support.argmax())
    always = support[most] / examples
    name = confusion.head.classes[most]
    return f"{share} Always saying “{name}” would be right in {always:.1%}."


def cell(confusion: Confusion, truth: int, said: int) -> str:
    """Say what a cell of the matrix counts."""
    count, of = int(confusion.counts[truth, said]), int(confusion.counts[truth].sum())
    name, other = confusion.head.classes[truth], confusion.head.classes[said]
    if not of:
        return f"The test part has no example of “{name}”."
    begin = f"Of {counted(of, 'example')} of “{name}”, {count or 'none'}"
    was = "was" if count == 1 else "were"
    if truth == said:
        return f"{begin} {was} found."
    return f"{begin} {was} taken for “{other}”."


def most_often(confusion: Confusion) -> str:
    """Say which confusions are the most frequent; ``""`` if there is none."""
    names = confusion.head.classes
    pairs = [
        f"“{names[truth]}” for “{names[said]}” ({count:,})"
        for truth, said, count in confusion.most_confused(3)
    ]
    return f"Taken most often for another: {', '.join(pairs)}." if pairs else ""


def missing_classes(confusion: Confusion) -> str:
    """Say which classes the test part does not have; ``""`` if it has all."""
    gone = [
        name
        for name, count in zip(confusion.head.classes, confusion.counts.sum(axis=1), strict=True)
        if not count
    ]
    if not gone:
        return ""
    shown = ", ".join(f"“{name}”" for name in gone[:5])
    more = f" and {len(gone) - 5} more" if len(gone) > 5 else ""
    return f"No test example of {shown}{more}: how well that would be found is not known."


def ignored_classes(confusion: Confusion) -> str:
    """Say which classes the model never chose although they were there; ``""`` if it chose all."""
    said, support = confusion.counts.sum(axis=0), confusion.counts.sum(axis=1)
    never = [
        name
        for name, chosen, there in zip(confusion.head.classes, said, support, strict=True)
        if there and not chosen
    ]
    if not never:
        return ""
    shown = ", ".join(f"“{name}”" for name in never[:5])
    more = f" and {len(never) - 5} more" if len(never) > 5 else ""
    return f"The model never said {shown}{more}."


def area(value: float, name: str) -> str:
    """Say what an area under the curve means."""
    return (
        f"Area {value:.3f}: an example of “{name}” gets a higher score than another one "
        f"{value:.1%} of the time; 50% would be chance."
    )


def errors(found: Residuals) -> str:
    """Say how far off predictions of a number are."""
    bias, usual = found.mean_error, found.mean_absolute_error
    text = f"It is off by {plain_number(usual)} in the mean."
    if abs(bias) > 0.25 * usual and usual > 0:
        text += (
            f" It tends to guess too {'high' if bias > 0 else 'low'}, by {plain_number(abs(bias))}."
        )
    if found.r2 is None:
        return f"{text} The truth never changes here, so there is no variance to explain."
    if found.r2 < 0:
        return f"{text} Always saying the mean would be better."
    return f"{text} It explains {found.r2:.0%} of the variance."
