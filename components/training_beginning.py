"""What the form of training begins with: the settings of the run that a page is opened with.

A reload forgets what a session knew, but not the run in the address; what that run was trained
with is what was in the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components import studio
from components.backend import engine
from designer.design import Design
from designer.errors import DesignerError
from designer.training import SettingsError, TrainingSettings
from designer.training.settings import as_trained


def watched_settings(design: Design) -> Mapping[str, Any]:
    """Return the settings of the run that is watched; nothing where there is none, or where its
    design took other data than this one does."""
    run = studio.current_run()
    try:
        known = engine().store.run(run) if run else None
        trained = Design.from_dict(known.design) if known else None
    except DesignerError:  # deleted
        return {}
    if known is None or trained is None:
        return {}
    alike = all(trained[name] == design[name] for name in ("task", "input_shape"))
    return known.settings if alike else {}


def form_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return training settings as the form keeps them: parts in percents, and nothing out of the
    reach of its controls. Settings that cannot be read give an empty form."""
    try:
        values = TrainingSettings.from_dict(as_trained(settings)).to_dict()
    except SettingsError:
        return {}
    del values["dataset"], values["task"]
    for part in ("validation", "test"):
        values[part] = min(40, max(5, round(100 * values[part])))
    values["schedule_factor"] = max(0.01, values["schedule_factor"])
    return values
