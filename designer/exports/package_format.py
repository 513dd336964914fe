"""The whole thing in one zip: the SavedModel and everything that belongs beside it."""

from __future__ import annotations

from designer.exports.saved_model import SavedModel


class Package(SavedModel):
    """A SavedModel in a package, always a ``.zip``."""

    name = "package"
    title = "Package (.zip)"
    description = (
        "A SavedModel with a README, a model card, the lines that load it and the design, in one"
        " zip."
    )
    is_package = True
    order = 15

    @property
    def model_title(self) -> str:
        return SavedModel.title
