"""Which lines of new source differ from the old."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from designer import Design
from designer.code import changed_lines, write_code

LINES = st.lists(st.sampled_from("abcd"), max_size=12)


@given(LINES, LINES)
def test_the_unmarked_lines_stood_in_the_old_source_in_this_order(old, new) -> None:
    marked = set(changed_lines("\n".join(old), "\n".join(new)))
    rest = iter(old)
    kept = [line for number, line in enumerate(new, 1) if number not in marked]
    assert all(line in rest for line in kept)
    assert all(1 <= number <= max(len(new), 1) for number in marked)
    assert bool(marked) == (old != new)


def test_a_slider_marks_its_lines() -> None:
    design = Design.from_template("vgg16")
    before, after = (
        write_code(one, "reuse") for one in (design, design.replace(hidden=[4096, 1024]))
    )
    lines = after.splitlines()
    marked = [lines[number - 1] for number in changed_lines(before, after)]
    assert "HIDDEN = [4096, 1024]" in marked
    assert len(marked) == 3  # and the header's figures
