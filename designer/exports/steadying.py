"""A SavedModel whose bytes follow from the model alone, so that two exports can be compared.

TensorFlow numbers the functions of a graph by all that its process has traced before, and gives
every SavedModel a random identity. Both are replaced: functions are numbered in the order they
were traced in, and the identity is made from the content.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

_NUMBERED = re.compile(r"(.*_)(\d+)")


def steady(folder: Path) -> None:
    """Rewrite the graph and the fingerprint of a SavedModel that was just saved.

    Args:
        folder: of the SavedModel.

    Raises:
        OSError: it cannot be written.
    """
    from tensorflow.core.protobuf import fingerprint_pb2, saved_model_pb2
    from tensorflow.python.saved_model.pywrap_saved_model import fingerprinting

    path = folder / "saved_model.pb"
    model = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    for graph in model.meta_graphs:
        _renumber(graph)
    path.write_bytes(model.SerializeToString(deterministic=True))

    told = fingerprint_pb2.FingerprintDef.FromString(
        fingerprinting.CreateFingerprintDef(str(folder))
    )
    told.uuid = ""
    content = hashlib.sha256(told.SerializeToString(deterministic=True)).digest()
    told.uuid = str(int.from_bytes(content[:16], "big"))
    (folder / "fingerprint.pb").write_bytes(told.SerializeToString(deterministic=True))


def _renumber(graph: Any) -> None:
    """Number the functions of a graph anew, wherever they are named."""
    library, objects = graph.graph_def.library, graph.object_graph_def
    names = {}
    traced = []
    for function in library.function:
        match = _NUMBERED.fullmatch(function.signature.name)
        if match:
            traced.append((int(match[2]), match[1], function.signature.name))
    for number, (_, stem, name) in enumerate(sorted(traced), 1):
        names[name] = f"{stem}{number:06d}"

    functions = list(library.function)
    for function in functions:
        function.signature.name = names.get(function.signature.name, function.signature.name)
        _rename_calls(function.node_def, names)
        for place, argument in function.arg_attr.items():
            name = "_user_specified_name"  # of a variable: its number
            if name in argument.attr and argument.attr[name].s.isdigit():
                argument.attr[name].s = b"%d" % place
    functions.sort(key=lambda function: function.signature.name)
    copies = [type(function).FromString(function.SerializeToString()) for function in functions]
    del library.function[:]
    library.function.extend(copies)
    _rename_calls(graph.graph_def.node, names)
    for gradient in library.gradient:
        gradient.function_name = names.get(gradient.function_name, gradient.function_name)
        gradient.gradient_func = names.get(gradient.gradient_func, gradient.gradient_func)

    for node in objects.nodes:
        kind = node.WhichOneof("kind")
        if kind == "function":
            called = [names.get(name, name) for name in node.function.concrete_functions]
            del node.function.concrete_functions[:]
            node.function.concrete_functions.extend(called)
        elif kind == "bare_concrete_function":
            bare = node.bare_concrete_function
            bare.concrete_function_name = names.get(
                bare.concrete_function_name, bare.concrete_function_name
            )
    for old in [name for name in objects.concrete_functions if name in names]:
        objects.concrete_functions[names[old]].CopyFrom(objects.concrete_functions[old])
        del objects.concrete_functions[old]
    aliases = graph.meta_info_def.function_aliases
    for old in [name for name in aliases if name in names]:
        aliases[names[old]] = aliases[old]
        del aliases[old]


def _rename_calls(nodes: Any, names: dict[str, str]) -> None:
    for node in nodes:
        node.op = names.get(node.op, node.op)
        for value in node.attr.values():
            kind = value.WhichOneof("value")
            if kind == "func":
                value.func.name = names.get(value.func.name, value.func.name)
            elif kind == "list":
                for function in value.list.func:
                    function.name = names.get(function.name, function.name)
