"""The one family of errors a person may meet.

Every error says what happened, where (which layer or field), what was
received and what would work. The command line prints ``str(error)`` and exits
with status 2; a page shows it as a message. Nothing else in the product is
allowed to reach a person as a traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class DesignerError(ValueError):
    """Something a person asked for cannot be done; the message is for them."""


class DesignError(DesignerError):
    """A design that cannot be read or built.

    Attributes:
        field: the parameter at fault (``groups[1].cardinality``), or ``None``.
        layer: the name of the layer at fault (``group2_block1_conv``), or ``None``.
    """

    def __init__(self, message: str, *, field: str | None = None, layer: str | None = None):
        super().__init__(message)
        self.field = field
        self.layer = layer


class DatasetError(DesignerError):
    """A data set that does not exist, cannot be loaded, or does not fit a design."""


class MemoryLimitError(DesignerError):
    """Something that would not fit in this machine's memory, refused before it is tried."""


class RunError(DesignerError):
    """A run that does not exist, or that cannot do what was asked of it."""


class ExportError(DesignerError):
    """An export that cannot be made, or that did not reload with the same predictions."""


class PackageError(DesignerError):
    """A package that is damaged, was changed, is none of ours, or cannot be trained again."""


def unknown_name(kind: str, received: object, known: Iterable[str]) -> str:
    """Return the sentence for a name we do not know, with the nearest one we do.

    >>> unknown_name("template", "resnet5", ["resnet50", "vgg16"])
    "There is no template 'resnet5'. Did you mean 'resnet50'? Known: resnet50, vgg16."
    """
    names = list(known)
    near = difflib.get_close_matches(str(received), names, n=1)
    guess = f" Did you mean {near[0]!r}?" if near else ""
    return f"There is no {kind} {received!r}.{guess} Known: {', '.join(names)}."
