"""The tables of the run store (SQLAlchemy Core; imported only when a store is opened).

Only types and statements that SQLite and PostgreSQL share are used.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

schema = MetaData()

_row_number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only an INTEGER key

runs = Table(
    "runs",
    schema,
    Column("id", String(120), primary_key=True),
    Column("created", Float, nullable=False, index=True),
    Column("design", JSON, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("host", String(255)),
    Column("pid", Integer),
    Column("process_started", Float),
    Column("epoch", Integer, nullable=False, default=0),
    Column("epochs", Integer, nullable=False, default=0),
    Column("step", BigInteger, nullable=False, default=0),
    Column("steps", BigInteger, nullable=False, default=0),
    Column("elapsed", Float, nullable=False, default=0.0),
    Column("pace", Float, nullable=False, default=0.0),
    Column("reason", Text),
    Column("metrics", JSON, nullable=False),
    Column("home", String(255), nullable=False, default=""),
    Column("pause_after", Integer, nullable=False, default=0),
    Column("memory", BigInteger, nullable=False, default=0),
    Column("attempts", Integer, nullable=False, default=0),
    Column("result", Text, nullable=False, default=""),
    Column("best_epoch", Integer, nullable=False, default=0),
    Column("versions", JSON),
    Column("name", String(200), nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("watch_layers", Boolean, nullable=False, default=False),
)

metrics = Table(
    "metrics",
    schema,
    Column("id", _row_number, primary_key=True, autoincrement=True),
    Column("run", String(120), ForeignKey("runs.id"), nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("figures", JSON, nullable=False),
    Column("written", Float, nullable=False),
    Index("metrics_of_run", "run", "id"),
    sqlite_autoincrement=True,
)

events = Table(
    "events",
    schema,
    Column("id", _row_number, primary_key=True, autoincrement=True),
    Column("run", String(120), ForeignKey("runs.id"), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("details", JSON, nullable=False),
    Column("made", Float, nullable=False),
    Index("events_of_run", "run", "id"),
    sqlite_autoincrement=True,
)

layer_statistics = Table(
    "layer_statistics",
    schema,
    Column("id", _row_number, primary_key=True, autoincrement=True),
    Column("run", String(120), ForeignKey("runs.id"), nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("layers", JSON, nullable=False),
    Column("written", Float, nullable=False),
    Index("layer_statistics_of_run", "run", "id"),
    sqlite_autoincrement=True,
)
