"""``inspect``: from a place in a network to all there is to say of it."""

from __future__ import annotations

from designer.code import layer_line
from designer.inspecting.figures import layer_figures, network_figures, place_figures
from designer.inspecting.inspection import Inspection, Link, Way
from designer.inspecting.settings import settings_of
from designer.places import Place, ancestors
from designer.summary import LayerSummary, Summary
from designer.teaching import Wiring, teach
from designer.templates import template

#: More of them are not named one by one.
_MOST_LINKS = 13


def inspect(summary: Summary, place: Place | None) -> Inspection:
    """Say all there is to say of a place, or (``None``) of the network as a whole."""
    wiring = Wiring(summary)
    if place is None:
        return _network(summary, wiring)
    around = tuple(
        Link(one.key, one.title)
        for one in ancestors(summary.sections, place.key)
        if one is not place
    )
    path = tuple(link for link in around if link.key != place.key)
    if place.kind == "layer":
        return _layer(place, path, summary, wiring)
    taught = teach(place, wiring)
    layers = f"{len(place.layers):,} layer{'s' * (len(place.layers) > 1)}"
    blocks = f"{place.blocks} block{'s' * (place.blocks > 1)}, " if place.blocks else ""
    inside = {layer.name for layer in place.layers}
    entering = {
        name: wiring.layers[name]
        for layer in place.layers
        for name in layer.inputs
        if name not in inside
    }
    leaving = {
        user.name: user
        for layer in place.layers
        for user in wiring.users[layer.name]
        if user.name not in inside
    }
    first = place.layers[0]
    comes = "" if entering or first.output_shape is None else write_shape(first)
    return Inspection(
        key=place.key,
        kind=place.kind,
        title=place.title,
        subtitle=f"{blocks}{layers}",
        role=place.role,
        number=place.number,
        path=path,
        does=taught.does,
        why=taught.why,
        fault=place.fault or "",
        shape_in=comes or " and ".join(write_shape(one) for one in entering.values()),
        shape_out=" and ".join(write_shape(one) for one in _ends(place, wiring)),
        why_shape="",
        ways=_ways(
            ("Fed by", [Link(name, name) for name in entering]),
            ("Feeds", [Link(name, name) for name in leaving]),
            ("Holds", [Link(child.key, _inside(child, place)) for child in place.children]),
        ),
        figures=place_figures(place, summary),
    )


def _layer(place: Place, path: tuple[Link, ...], summary: Summary, wiring: Wiring) -> Inspection:
    layer = place.layers[0]
    taught = teach(place, wiring)
    comes = " and ".join(write_shape(feed) for feed in wiring.feeds(layer))
    return Inspection(
        key=place.key,
        kind="layer",
        title=layer.name,
        subtitle=layer.class_name,
        role=place.role,
        number=place.number,
        path=path,
        does=taught.does,
        why=taught.why,
        fault=str(layer.fault) if layer.fault else "",
        shape_in=comes or "examples",
        shape_out=write_shape(layer),
        why_shape=layer.why_shape(),
        ways=_ways(
            ("Fed by", [Link(name, name) for name in layer.inputs]),
            ("Feeds", [Link(user.name, user.name) for user in wiring.users[layer.name]]),
        ),
        figures=layer_figures(layer, summary),
        settings=settings_of(layer),
        code=layer_line(layer.layer),
    )


def _network(summary: Summary, wiring: Wiring) -> Inspection:
    taught = teach(None, wiring)
    name = template(summary.template).title
    places = [child for section in summary.sections for child in section.children]
    largest = sorted(places, key=lambda one: one.params, reverse=True)[:2]
    fault = next((str(layer.fault) for layer in summary.layers if layer.fault), "")
    ends = [wiring.layers[output] for output in wiring.outputs]
    return Inspection(
        key="",
        kind="network",
        title=name,
        subtitle=f"{len(summary.layers):,} layers",
        role="",
        number=0,
        path=(),
        does=taught.does,
        why=taught.why,
        fault=fault,
        shape_in=write_shape(summary.layers[0]),
        shape_out=" and ".join(write_shape(end) for end in ends),
        why_shape="",
        ways=_ways(
            ("Largest", [Link(one.key, _named(one)) for one in largest if one.params]),
            ("Parts", [Link(one.key, one.title) for one in summary.sections]),
        ),
        figures=network_figures(summary),
    )


def _named(place: Place) -> str:
    """Return a name that also says which group a block is of."""
    if place.kind == "block" and place.number:
        return f"Group {place.number} › {place.title}"
    return place.title


def _inside(child: Place, place: Place) -> str:
    """Return a child's name without what its place's own name says already."""
    return child.title.removeprefix(place.key.replace("/", "_") + "_")


def _ends(place: Place, wiring: Wiring) -> list[LayerSummary]:
    """Return the layers of a place whose outputs leave it."""
    inside = {layer.name for layer in place.layers}
    return [
        layer
        for layer in place.layers
        if layer.name in wiring.outputs
        or any(user.name not in inside for user in wiring.users[layer.name])
    ]


def _ways(*ways: tuple[str, list[Link]]) -> tuple[Way, ...]:
    found = []
    for label, links in ways:
        if len(links) > _MOST_LINKS:
            label, links = f"{label}, {_MOST_LINKS} of {len(links):,}", links[:_MOST_LINKS]
        if links:
            found.append(Way(label, tuple(links)))
    return tuple(found)


def write_shape(layer: LayerSummary) -> str:
    """Write what a layer puts out: ``56 × 56 × 64``."""
    if layer.output_shape is None:
        return "—"
    return " × ".join(f"{size:,}" for size in layer.output_shape[1:] if size is not None)
