"""Old exports and leftovers, thrown away: an export is a copy of what can be made again."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Collection
from pathlib import Path

from designer.engine.export_records import READY, WAITING, ExportRecord, exports_folder, records
from designer.engine.locking import ProcessLock

KEPT_SECONDS = 24 * 3600.0
"""Seconds for which an export is kept after it was made."""

MOST_BYTES = 8_000_000_000
"""Bytes of all exports that are kept; the oldest make room, the newest is always kept."""

_YOUNG = 60.0
"""Seconds in which a folder without a record may be one that is just being made."""

_one_at_a_time = threading.Lock()


def sweep(
    live: Collection[str] = (),
    *,
    kept_seconds: float = KEPT_SECONDS,
    most_bytes: int = MOST_BYTES,
) -> None:
    """Throw away what is too old, what is too much, and what killed processes have left.

    Args:
        live: tokens of the exports that this process makes or has waiting.
        kept_seconds: seconds for which an export is kept after it was made.
        most_bytes: bytes that all exports together may take.
    """
    with _one_at_a_time:
        known = _sweep_records(live, kept_seconds, most_bytes)
        _sweep_strangers(known | set(live), kept_seconds)


def orphans(live: Collection[str] = ()) -> list[tuple[ExportRecord, ProcessLock]]:
    """Return the exports that were waiting or under way in a process that is gone, in the order
    in which they were asked for, each with its lock, which is now ours. Nobody waits any more for
    those of yesterday: they are thrown away."""
    found = []
    for record in records():
        if record.state != WAITING or record.token in live:
            continue
        lock = ProcessLock(record.lock)
        with contextlib.suppress(OSError):
            if not lock.take():
                continue
            if time.time() - record.asked > KEPT_SECONDS:
                lock.give()
                record.remove()
                continue
            record.clear()
            found.append((record, lock))
    return sorted(found, key=lambda one: one[0].asked)


def _sweep_records(live: Collection[str], kept_seconds: float, most_bytes: int) -> set[str]:
    """Throw away exports that are too old or too much; return the tokens of all there were."""
    now = time.time()
    known: set[str] = set()
    ready: list[tuple[float, int, ExportRecord]] = []
    for record in records():
        known.add(record.token)
        if record.token in live or record.state == WAITING:
            continue
        record.clear()
        gone = record.state == READY and not record.is_there
        if gone or now - record.ended > kept_seconds:
            record.remove()
        elif record.state == READY:
            ready.append((record.ended, _bytes_of(record.folder), record))
    ready.sort(key=lambda one: one[0], reverse=True)
    total = 0
    for place, (_, size, record) in enumerate(ready):
        total += size
        if place and total > most_bytes:
            record.remove()
    return known


def _sweep_strangers(known: Collection[str], kept_seconds: float) -> None:
    """Throw away what is no export: half-made ones, and files of earlier versions once old."""
    now = time.time()
    for path in list(exports_folder().iterdir()):
        with contextlib.suppress(OSError):
            age = now - path.stat().st_mtime
            if path.name in known:
                continue
            if path.is_dir() and age > _YOUNG:
                shutil.rmtree(path, ignore_errors=True)
            elif path.is_file() and age > kept_seconds:
                path.unlink()


def _bytes_of(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            if path.is_file():
                total += path.stat().st_size
    return total
