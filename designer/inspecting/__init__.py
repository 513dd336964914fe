"""What the inspector says of a part of a network, or of the whole: pure, in well under a
millisecond for most, so that it can follow a dragged control."""

from __future__ import annotations

from designer.inspecting.inspect import inspect
from designer.inspecting.inspection import Figure, Inspection, Link, Setting, Way

__all__ = ["Figure", "Inspection", "Link", "Setting", "Way", "inspect"]
