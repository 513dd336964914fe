"""What there is to say of a model that was opened, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from designer.design import Design
from designer.importing.looking import Looked
from designer.importing.recognising import Recognised
from designer.templates import template
from designer.templates.blocks import patterns

#: How many layers of a kind are named.
_NAMED = 3

#: How many reasons are told; the layers' own rows tell the rest.
_REASONS = 12


def template_words(design: Design) -> str:
    """Say which network a design is: ``VGG16 as it is``, ``Composable, 5 groups (Residual)``."""
    title = template(design.template).title
    groups = design.parameters.get("groups")
    if groups is None or not design.choices:
        return f"{title}, with its usual values" if not design.choices else title
    kinds = dict.fromkeys(group["pattern"] for group in groups if "pattern" in group)
    labels = f" ({', '.join(patterns()[kind].label for kind in kinds)})" if kinds else ""
    count = len(groups)
    return f"{title}, {count} group{'' if count == 1 else 's'}{labels}"


def sentence_for(name: str, looked: Looked, design: Design | None) -> str:
    """Say what a model of Keras is to us."""
    count = len(looked.model.layers)
    what = f"{name} is a Keras model of {count:,} layer{'' if count == 1 else 's'}"
    if design is not None:
        return f"{what}, recognised as {template_words(design)}."
    odd = len(looked.summary.unedited)
    if odd:
        each = f"{odd:,} of them {'is' if odd == 1 else 'are'} in no design of ours"
        return f"{what}, to look at: {each}."
    return f"{what}, to look at: every layer is known, but no template of ours has just these."


def about_model(looked: Looked, found: Recognised) -> tuple[str, ...]:
    """Return what was found in a model beside its layers, and which of those we do not edit."""
    notes: list[str] = []
    if looked.model.nested:
        names = ", ".join(looked.model.nested[:_NAMED])
        more = len(looked.model.nested) - _NAMED
        others = f" and {more} more" if more > 0 else ""
        notes.append(f"The models inside it ({names}{others}) are opened: their layers are shown.")
    if found.design is not None:
        return tuple(notes)
    notes += _reasons(looked)
    if found.strange:
        notes.append(f"Up to {found.strange} it reads as one of ours; none goes on as it does.")
    if found.gave_up:
        notes.append(
            "It may be one of our networks all the same: there were more ways to read it than are"
            " tried."
        )
    if not looked.summary.complete:
        notes.append("The totals count the layers that have figures; the others are left out.")
    return tuple(notes)


def _reasons(looked: Looked) -> list[str]:
    """Return why layers are in no design of ours, the same reasons together."""
    classes = {layer.name: layer.class_name for layer in looked.model.layers}
    alike: dict[tuple[str, str], list[str]] = {}
    for name, reason in looked.summary.unedited.items():
        alike.setdefault((classes[name], reason), []).append(name)
    notes = []
    for (class_name, reason), names in list(alike.items())[:_REASONS]:
        shown = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        many = f"{len(names):,} × {class_name}" if len(names) > 1 else class_name
        notes.append(f"{many} ({shown}): {reason}.")
    more = len(alike) - _REASONS
    if more > 0:
        notes.append(f"And {more:,} more reasons of this kind, told in the list of layers.")
    return notes


def editing_notes(
    looked: Looked, design: Design, choices: Mapping[str, Any], unknown: Sequence[str]
) -> tuple[str, ...]:
    """Return what a design cannot take over from the model it was recognised in."""
    notes = ["Its layers are taken over, no weights."]
    drawn = sorted({way for read in looked.read.values() for way in read.start})
    if drawn:
        notes.append(
            f"Its first weights are drawn with {', '.join(drawn)}; a design draws them in Keras's"
            " usual way."
        )
    left = [name for name, value in choices.items() if not _kept(design[name], value)]
    if left or unknown:
        what = ", ".join([*left, *unknown])
        notes.append(f"Not taken over, because a design of this task has no such: {what}.")
    return tuple(notes)


def _kept(have: Any, wanted: Any) -> bool:
    return bool(have == (tuple(wanted) if isinstance(wanted, list) else wanted))
