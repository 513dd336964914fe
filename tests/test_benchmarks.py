"""The benchmarks' own parts that measure nothing: the list, the ratios, the table."""

from __future__ import annotations

import importlib.util

import pytest

from benchmarks.__main__ import main
from benchmarks.catalogue import BENCHMARKS
from benchmarks.figures import AtLeast, AtMost, Figure
from benchmarks.table import HEADINGS, markdown, text_table, write_number


def figure(**other) -> Figure:
    values = {
        "name": "a thing, times faster",
        "unit": "ms",
        "ours": [4.0, 2.0, 3.0],
        "other": [900.0, 600.0, 1200.0],
        "other_name": "the slow way",
        "wanted": AtLeast(200),
        "method": "With a clock.",
        "turned": True,
    }
    return Figure(**(values | other))


def test_it_lists_its_benchmarks(capsys):
    assert main(["--list"]) == 0
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines()] == list(BENCHMARKS)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_benchmark_has_its_module(name):
    assert importlib.util.find_spec(f"benchmarks.{name}") is not None


def test_an_unknown_name_is_bad_input(capsys):
    with pytest.raises(SystemExit) as end:
        main(["speling"])
    assert end.value.code == 2
    assert "speling" in capsys.readouterr().err


def test_a_ratio_is_that_of_the_medians():
    assert figure().ratio == 300
    assert figure().is_reached
    assert figure(turned=False).ratio == pytest.approx(3 / 900)
    assert not figure(turned=False).is_reached


@pytest.mark.parametrize(
    ("wanted", "ratio", "holds"),
    [(AtLeast(2), 2.0, True), (AtLeast(2), 1.99, False), (AtMost(1), 1.0, True),
     (AtMost(1), 1.01, False)],
)  # fmt: skip
def test_what_is_wanted(wanted, ratio, holds):
    assert wanted.holds(ratio) is holds


def test_nothing_of_a_limit_of_nothing_is_reached_and_something_is_not():
    none = {"other": [0.0], "wanted": AtMost(0), "turned": False}
    assert figure(ours=[0.0], **none).is_reached
    assert not figure(ours=[3.0], **none).is_reached


def test_the_table_has_a_line_a_figure():
    missed = figure(name="missed", wanted=AtLeast(301))
    lines = text_table([figure(), missed]).splitlines()
    assert len(lines) == 4
    assert lines[2].endswith("yes")
    assert lines[3].endswith("NO")


def test_the_page_tells_where_what_and_how():
    page = markdown([figure()], {"Date": "a day", "Machine": "2 cores"})
    assert "- Date: a day\n- Machine: 2 cores" in page
    assert "| " + " | ".join(HEADINGS) + " |" in page
    assert "| 3 ms | 900 ms (the slow way) | other / ours: 300 | ≥ 200 | yes |" in page
    assert "With a clock. Repetitions: 3; ours 2–4 ms, the slow way 600–1,200 ms." in page


@pytest.mark.parametrize(
    ("value", "text"), [(1840.2, "1,840"), (0.03162, "0.0316"), (12.345, "12.3"), (0.0, "0")]
)
def test_numbers_keep_three_digits(value, text):
    assert write_number(value) == text
