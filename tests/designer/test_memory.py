"""What does not fit is refused, with figures, before anything is allocated."""

from __future__ import annotations

import re
import subprocess
import sys
from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest

from designer import Design, summarize
from designer import memory as memory_module
from designer.errors import MemoryLimitError
from designer.memory import (
    LIMIT_VARIABLE,
    MOST_PARAMETERS,
    RUNTIME_BYTES,
    available_bytes,
    check_memory_to_build,
    check_memory_to_train,
    memory_to_train,
    most_parameters,
    write_bytes,
)

ROOT = Path(__file__).resolve().parents[2]


def free(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(memory_module, "available_bytes", lambda: count)


def test_available_memory_is_a_sensible_number() -> None:
    assert 0 < available_bytes() < 2**50


@pytest.mark.parametrize(
    ("limit", "usage", "statistics", "inactive"),
    [
        ("memory.max", "memory.current", "memory.stat", "inactive_file"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat",
         "total_inactive_file"),
    ],
)  # fmt: skip
def test_a_container_s_limit_counts(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    limit: str,
    usage: str,
    statistics: str,
    inactive: str,
) -> None:
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(memory_module, "_CGROUP_FOLDER", tmp_path)
    assert available_bytes() > 10**6  # no container: the machine's
    (tmp_path / usage).write_text("600\n")
    (tmp_path / statistics).write_text(f"anon 500\n{inactive} 100\nslab 7\n")
    (tmp_path / limit).write_text("1000\n")
    assert available_bytes() == 500  # files kept in memory are given back when asked
    (tmp_path / limit).write_text("400\n")
    assert available_bytes() == 0
    (tmp_path / limit).write_text("max\n")
    assert available_bytes() > 10**6


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (560, "560 B"), (1023, "1.0 KB"), (102_546_848, "98 MB"), (5 * 2**30, "5.0 GB"),
     (3.9e12, "3.5 TB"), (1e21, "888,178 PB")],
)  # fmt: skip
def test_memory_is_written_for_a_person(count: float, text: str) -> None:
    assert write_bytes(count) == text


def test_every_template_s_default_may_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 8 * 2**30)
    for name in ("dnn", "cnn", "vgg19", "resnet152"):
        check_memory_to_build(summarize(Design.from_template(name)))


def test_a_billion_parameters_are_refused_with_the_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 2**60)
    design = Design.from_template("cnn", strides=1, hidden=[65_536, 512])
    summary = summarize(design)
    with pytest.raises(MemoryLimitError) as caught:
        check_memory_to_build(summary)
    text = str(caught.value)
    assert f"{summary.total_params:,} parameters" in text
    assert "'hidden1' (4,295,032,832)" in text
    assert write_bytes(summary.weight_bytes) in text
    assert f"At most {MOST_PARAMETERS:,}" in text
    check_memory_to_build(summarize(design.replace(hidden=[512])))  # "fewer units … work"


def test_the_limit_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    summary = summarize(Design.from_template("dnn"))
    monkeypatch.setenv(LIMIT_VARIABLE, "260")
    with pytest.raises(MemoryLimitError, match="261 parameters"):
        check_memory_to_build(summary)
    monkeypatch.setenv(LIMIT_VARIABLE, "261")
    check_memory_to_build(summary)
    monkeypatch.setenv(LIMIT_VARIABLE, "lots")
    assert most_parameters() == MOST_PARAMETERS


def test_too_little_free_memory_is_refused_with_both_figures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    free(monkeypatch, 2**30)
    with pytest.raises(MemoryLimitError, match=r"would take about 1\.6 GB.*; 1\.0 GB are free"):
        check_memory_to_build(summarize(Design.from_template("vgg16")))


def test_a_template_need_not_have_a_weight_penalty() -> None:
    summary = summarize(Design.from_template("dnn", input_shape=[5]))
    rest = {name: value for name, value in summary.design.parameters.items() if name != "l2"}
    without = copy(summary.design)
    object.__setattr__(without, "parameters", rest)
    expected = memory_to_train(summary, "adam", 32)
    assert memory_to_train(replace(summary, design=without), "adam", 32) == expected


def test_the_batch_size_that_is_said_to_work_works(monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 2 * 2**30)
    summary = summarize(Design.from_template("resnet50"))
    with pytest.raises(MemoryLimitError, match="on batches of 512") as caught:
        check_memory_to_train(summary, "adam", 512)
    found = re.search(r"A batch size of (\d+) or less works", str(caught.value))
    assert found
    fitting = int(found[1])
    assert fitting >= 1
    check_memory_to_train(summary, "adam", fitting)
    with pytest.raises(MemoryLimitError):
        check_memory_to_train(summary, "adam", fitting + 1)


def test_where_no_batch_fits_a_smaller_design_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    summary = summarize(Design.from_template("resnet50"))
    weights = summary.weight_bytes + 4 * max(layer.params for layer in summary.layers)
    free(monkeypatch, RUNTIME_BYTES + weights)
    with pytest.raises(MemoryLimitError, match="A smaller design or input works"):
        check_memory_to_train(summary, "adam", 1)


def test_a_weight_penalty_takes_the_squares_of_the_largest_kernel() -> None:
    design = Design.from_template("vgg16")
    without, with_it = (
        memory_to_train(summarize(design.replace(l2=l2)), "adam", 32) for l2 in (0.0, 0.0005)
    )
    assert with_it - without == 4 * 102_764_544  # hidden1's weights and biases


def test_a_refusal_comes_before_keras_is_imported() -> None:
    code = (
        "import sys\n"
        "from designer import Design, DesignError, build_model\n"
        "from designer.errors import MemoryLimitError\n"
        "try:\n"
        "    build_model(Design.from_template('dnn', hidden=[1_000_000, 1_000_000]))\n"
        "except MemoryLimitError as error:\n"
        "    assert '1,000,016,000,001 parameters' in str(error), error\n"
        "else:\n"
        "    raise SystemExit('not refused')\n"
        "try:\n"
        "    build_model(Design.from_template('vgg16', input_shape=[8, 8, 3]))\n"
        "except DesignError as error:\n"
        "    assert error.layer == 'group4_pool', error\n"
        "else:\n"
        "    raise SystemExit('not refused')\n"
        "assert not {'keras', 'tensorflow'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
