"""Reuse: functions for stem, groups, blocks and task, and loops over what repeats."""

from __future__ import annotations

from designer.code.calls import WIDTH, Call, keyword, layer_call
from designer.code.model_line import input_line, model_lines
from designer.code.penalty import PENALTY
from designer.code.statements import Operation, identifier, straight
from designer.code.structure.bodies import FunctionCall, definition
from designer.code.structure.constants import name_constants
from designer.code.structure.functions import Functions
from designer.code.structure.sections import Sections
from designer.code.structure.tree import Part, tree_of
from designer.code.structure.words import name_functions
from designer.code.style import Style
from designer.graph import Layer, LayerGraph

#: Names that mean something in the source already.
RESERVED = (
    *("keras", "layers", "regularizers", "model", "inputs", "dict", "enumerate", "range"),
    *("settings", PENALTY),
)
#: Names that only functions use.
_LOCAL = ("x", "y", "name", "number")
#: Sections are called one inside the other if that reads well in one line.
_NESTED_WIDTH = 60


def write(graph: LayerGraph, name: str) -> list[str]:
    root = tree_of(graph)
    by_depth: dict[int, list[Part]] = {}
    _collect(root, by_depth)
    functions = Functions((*RESERVED, *_LOCAL))
    for depth in sorted(by_depth, reverse=True):
        if depth > 1:
            functions.find(by_depth[depth])
    taken = {*RESERVED, *_LOCAL, *(one.name for f in functions.all for one in f.arguments)}
    sections: dict[int, str] = {}
    for part in by_depth.get(1, ()):
        sections[id(part)] = _unused(identifier(part.step), taken)
    called = [one for one in functions.all if not one.parts[0].from_names]
    name_functions(called, taken)
    loose = [layer for part in by_depth.get(1, ()) for layer in part.items]
    constants = name_constants(
        functions.all, [one for one in loose if isinstance(one, Layer)], taken
    )
    several = graph.outputs if len(graph.outputs) > 1 else ()
    writer = Sections(functions, taken - set(_LOCAL), constants, results=several)
    defined = [definition(function, writer.reserved) for function in called]
    defined += [writer.definition(part, sections[id(part)]) for part in by_depth.get(1, ())]
    lines = [
        f"{written} = dict({', '.join(keyword(*value) for value in values.items())})"
        for written, values in constants.items()
    ]
    lines += [line for table in writer.tables.values() for line in table]
    for one in defined:
        lines += ["", "", *one]
    lines += ["", "", *input_line(graph.layers[0]), *_main(root, sections, graph, taken, name)]
    return lines if lines[0] else lines[2:]


def _main(
    root: Part, sections: dict[int, str], graph: LayerGraph, taken: set[str], name: str
) -> list[str]:
    """Return the lines that put the sections together."""
    if _is_row(root) and all(isinstance(item, Part) for item in root.items):
        nested = "inputs"
        outputs = [identifier(one) for one in graph.outputs] if len(graph.outputs) > 1 else []
        for item in root.items:
            nested = f"{sections[id(item)]}({nested})"
        line = f"{', '.join(outputs or ['outputs'])} = {nested}"
        if len(nested) <= _NESTED_WIDTH and len(line) <= WIDTH and not taken & {*outputs}:
            return [line, *model_lines(outputs or ["outputs"], name)]
    operations = [_operation(item, sections, graph) for item in root.items]
    entries = {graph.layers[0].name: "inputs"}
    lines, outputs = straight(operations, entries, graph.outputs, reserved=taken - {"x", "y"})
    return [*lines, *model_lines(outputs, name)]


def _is_row(root: Part) -> bool:
    """Whether each section is fed by the one before alone, and the last makes all outputs."""
    if not root.items:
        return False
    *others, last = root.items
    before = root.entries
    for item in others:
        if not isinstance(item, Part) or item.entries != before or len(item.exits) != 1:
            return False
        before = item.exits
    return isinstance(last, Part) and last.entries == before and last.exits == root.exits


def _collect(part: Part, by_depth: dict[int, list[Part]]) -> None:
    by_depth.setdefault(part.depth, []).append(part)
    for item in part.items:
        if isinstance(item, Part):
            _collect(item, by_depth)


def _unused(name: str, taken: set[str]) -> str:
    wanted, number = name, 2
    while name in taken:
        name, number = f"{wanted}{number}", number + 1
    taken.add(name)
    return name


def _operation(item: Layer | Part, sections: dict[int, str], graph: LayerGraph) -> Operation:
    if isinstance(item, Layer):
        result = identifier(item.name) if item.name in graph.outputs else ""
        call = layer_call(item.class_name, item.config, item.name)
        label = identifier(item.name)
        return Operation(
            call,
            item.inputs,
            (item.name,),
            label,
            item.class_name,
            result=result,
            places=[[item]],
        )
    result = "outputs" if item.exits == graph.outputs and len(item.exits) == 1 else ""
    call = Call(sections[id(item)], ())
    return FunctionCall(
        call,
        item.entries,
        item.exits,
        identifier(item.step),
        result=result,
        places=[item.layers],
    )


STYLE = Style(
    name="reuse",
    title="Reuse",
    teaches="Functions for stem, groups, blocks and task, and loops over what repeats: as an"
    " engineer writes it by hand. The numbers that shape the network stand in one place.",
    order=40,
    write=write,
)
