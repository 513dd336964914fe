"""What lies in a package beside the model."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from designer.exports.card_design import DRAWING_FILE, drawing
from designer.exports.checksums import write_checksums
from designer.exports.contents import Contents
from designer.exports.loader import LOADER_FILE, loader
from designer.exports.needing import REQUIREMENTS_FILE, requirements
from designer.exports.package_record import RECORD_FILE, package_record, record_text
from designer.exports.readme import readme

DESIGN_FILE = "design.json"
CARD_FILE = "README.md"


def furnish(folder: Path, contents: Contents) -> None:
    """Write what goes beside the model into the folder of a package: the model card and its
    drawing, the design, the loader script and what it needs, the record, the checksums.

    Two packages of one run differ only where a date or a measured time stands in them.

    Raises:
        OSError: it cannot be written.
    """
    made = datetime.now(UTC).isoformat(timespec="seconds").removesuffix("+00:00").replace("T", " ")
    texts = {
        CARD_FILE: readme(contents, made),
        DRAWING_FILE: drawing(contents),
        DESIGN_FILE: contents.design.to_json(),
        RECORD_FILE: record_text(package_record(contents, made)),
    }
    if contents.has_loader:
        texts |= {LOADER_FILE: loader(contents), REQUIREMENTS_FILE: requirements(contents)}
    texts.pop(contents.location, None)  # what was exported is there, and was proven as it is
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    write_checksums(folder)
