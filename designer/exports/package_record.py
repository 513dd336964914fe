"""``record.json``: everything needed to train a package's model again, and what came of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from designer.exports.contents import Contents

RECORD_FILE = "record.json"
RECORD_FORMAT = "model-designer-record"
RECORD_VERSION = 1
"""Raised when the meaning of a field changes; later fields are passed over by earlier readers."""


def package_record(contents: Contents, made: str) -> dict[str, Any]:
    """Return the record of a package, JSON values.

    Args:
        contents: of the package.
        made: when, in UTC.

    Returns:
        ``format``, ``version`` (of the record and the package's form), ``made``, ``title``,
        ``trained`` (whether), ``design``, ``model`` (what the file is, and its proof) and,
        where the run is known, ``training``: see
        :func:`designer.training.recording.record_of`.
    """
    proof = contents.proof
    values: dict[str, Any] = {
        "format": RECORD_FORMAT,
        "version": RECORD_VERSION,
        "made": made,
        "made_by": f"model-designer {own_version()}",
        "title": contents.name,
        "trained": contents.trained,
        "design": contents.design.to_dict(),
        "model": {
            "format": contents.format.name,
            "path": contents.location,
            "quantize": contents.how.quantize,
            "outputs": contents.how.outputs,
            "largest_difference": proof.largest_difference,
            "allowed_difference": proof.allowed,
            "examples": proof.examples,
            "verified_in": proof.verified_in,
            "versions": dict(proof.versions),
            "comparison": [asdict(row) for row in contents.comparison],
        },
        "training": None,
    }
    if contents.trained and contents.record:
        values["training"] = {
            name: value for name, value in contents.record.items() if name != "design"
        }
    return values


def record_text(record: dict[str, Any]) -> str:
    """Return a record as JSON text: a line an epoch, so that it can be read."""
    return json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False, default=str) + "\n"


def own_version() -> str:
    """Return the version of this product."""
    try:
        return version("model-designer")
    except PackageNotFoundError:
        return "of unknown version"
