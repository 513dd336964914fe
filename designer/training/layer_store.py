"""What was seen inside the layers, kept in the run store's database."""

from __future__ import annotations

import time

from designer.training.layer_values import LayerSnapshot
from designer.training.store import RunStore

MOST_KEPT = 60
"""Snapshots of a run: beyond them those that stand closest are let go, so that its whole time
stays covered."""


def keep_snapshot(store: RunStore, run: str, snapshot: LayerSnapshot) -> None:
    """Keep a snapshot of a run."""
    from sqlalchemy import delete, insert, select

    from designer.training.tables import layer_statistics as table

    values = snapshot.to_dict()
    with store.database.begin() as connection:
        connection.execute(insert(table).values(run=run, written=time.time(), **values))
        query = select(table.c.id, table.c.step).where(table.c.run == run).order_by(table.c.id)
        kept = connection.execute(query).all()
        if len(kept) > MOST_KEPT:
            inner = range(1, len(kept) - 1)
            closest = min(inner, key=lambda place: kept[place + 1].step - kept[place - 1].step)
            connection.execute(delete(table).where(table.c.id == kept[closest].id))


def snapshots(store: RunStore, run: str, after_step: int = -1) -> list[LayerSnapshot]:
    """Return the snapshots of a run in order, those after a step."""
    from sqlalchemy import select

    from designer.training.tables import layer_statistics as table

    query = (
        select(table.c.epoch, table.c.step, table.c.layers)
        .where(table.c.run == run, table.c.step > after_step)
        .order_by(table.c.id)
    )
    with store.database.connect() as connection:
        return [
            LayerSnapshot.from_dict({"epoch": row.epoch, "step": row.step, "layers": row.layers})
            for row in connection.execute(query)
        ]
