"""``python -m benchmarks [NAME…]``: measure, print the table, keep it in ``RESULTS.md``."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from benchmarks.catalogue import BENCHMARKS
from benchmarks.figures import Effort, Figure
from benchmarks.surroundings import surroundings
from benchmarks.table import markdown, text_table

RESULTS = Path(__file__).with_name("RESULTS.md")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; return 0, or 1 if a figure was missed or not measured."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the product's figures. Only a full run of all benchmarks writes"
        " benchmarks/RESULTS.md, unless --out says otherwise.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks to run; none: all")
    parser.add_argument("--list", action="store_true", help="name the benchmarks and stop")
    parser.add_argument("--quick", action="store_true", help="few repetitions, not for the record")
    parser.add_argument("--out", type=Path, help="write the page here")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    if options.list:
        for benchmark in BENCHMARKS.values():
            print(f"{benchmark.name:<16} {benchmark.title}")
        return 0
    # A polite end of this process is one of the servers and workers it has started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    around = surroundings()
    figures, failed = _measure(options.names or list(BENCHMARKS), Effort(options.quick))
    if figures:
        print()
        print(text_table(figures))
    for name in failed:
        print(f"not measured: {name}", file=sys.stderr)
    out = options.out
    if out is None and not options.names and not options.quick and not failed:
        out = RESULTS
    if out is not None:
        out.write_text(markdown(figures, around), encoding="utf-8")
        print(f"\nwritten: {out.name}")
    return 1 if failed or not all(figure.is_reached for figure in figures) else 0


def _measure(names: Sequence[str], effort: Effort) -> tuple[list[Figure], list[str]]:
    """Measure benchmarks one after the other; one that fails does not stop the others."""
    figures: list[Figure] = []
    failed: list[str] = []
    with tempfile.TemporaryDirectory(
        prefix="model-designer-bench-", ignore_cleanup_errors=True
    ) as home:
        os.environ["MODEL_DESIGNER_HOME"] = home  # nothing of a person's own is read or written
        os.environ.pop("MODEL_DESIGNER_STORE", None)
        for name in names:
            begun = time.monotonic()
            print(f"{name}: {BENCHMARKS[name].title} …", file=sys.stderr, flush=True)
            try:
                measured = BENCHMARKS[name].measure(effort)
            except Exception:
                traceback.print_exc()
                failed.append(name)
                continue
            figures += measured
            took = time.monotonic() - begun
            reached = sum(figure.is_reached for figure in measured)
            print(f"    {reached} of {len(measured)} reached, {took:.0f} s", file=sys.stderr)
    return figures, failed


if __name__ == "__main__":
    sys.exit(main())
