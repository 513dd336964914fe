"""Files that come in: our designs and packages, and models of Keras from elsewhere.

Only JSON is read, of files, of two members of an archive, and of texts that stand beside weights.
Nothing of a file is run, built, decoded or written to disk: no weights, no pickle, no code of a
``Lambda``.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from designer.design import FILE_FORMAT, Design
from designer.errors import DesignError
from designer.importing import archive, held_texts
from designer.importing.compiled import compile_choices
from designer.importing.imported import DESIGN, KERAS_MODEL, PACKAGE, Imported
from designer.importing.keras_config import is_model_config, read_model
from designer.importing.limits import LARGEST_JSON
from designer.importing.looking import Looked, look, target_of
from designer.importing.plain_json import read_json
from designer.importing.recognising import Recognised, recognise, same_layers
from designer.importing.words import about_model, editing_notes, sentence_for, template_words
from designer.summary import outline
from designer.templates.parameters import show

WORKS = (
    "A design saved here, whatever was exported here but code and drawings, a .keras file, a model"
    " that Keras saved as .h5, or its configuration as JSON (model.to_json()) can be opened."
)

_LITERT = b"TFL3"

#: How JSON can begin, behind what editors write before it.
_JSON = tuple(bytes([one]) for one in b'{["-0123456789tfnNI')
_BEFORE_JSON = b"\xff\xfe\xef\xbb\xbf\x00 \t\r\n"

#: By their first bytes, files that people may try, and what would work.
_OTHERS = {
    held_texts.HDF5: "an HDF5 file of weights alone, which does not say of which layers they are."
    " Build the model in Keras, load them, and save it as .keras",
    b"\x80": "a pickle, which can run any program when it is opened. Write model.to_json() to a"
    " file instead",
    b"\x1f\x8b": "packed by gzip: unpack it first",
    b"\x89PNG": "a picture, not the model on it",
    b"%PDF": "a PDF",
    b"<svg": "a drawing, not the model on it",
    _LITERT: "a LiteRT model, which holds operations and no layers; only those exported here have"
    " their design in them",
}

#: The same by how their names end, where first bytes say nothing.
_ENDINGS = {
    ".onnx": "an ONNX model, which holds operations and no layers; only those exported here have"
    " their design in them",
    ".pb": "TensorFlow's own graph, which holds operations and no layers. If it was exported here,"
    " open the zip or the folder it came in; otherwise save the model in Keras as .keras",
    ".py": "Python code, and no code is run to open a file. If it was exported here, export the"
    " same design as design.json; otherwise run it, and save the model as .keras",
}


def open_file(path: Path, name: str = "") -> Imported:
    """Open a file, or the folder of an unpacked package.

    Args:
        path: where it lies.
        name: what it is called; the path's own name if empty.

    Returns:
        the design, or the model to look at, and what there is to say of it.

    Raises:
        DesignError: it is none of those files, is damaged or made to do harm, or is too large;
            the message names the file and says what would work.
    """
    name = name or path.name or str(path)
    try:
        if path.is_dir():
            return _folder(path, name)
        if not stat.S_ISREG(path.stat().st_mode):
            raise DesignError(f"{name} is no file but a device or a pipe. {WORKS}")
        with path.open("rb") as file:
            start = file.read(8)
            if archive.is_archive(start):
                return _members(archive.members(path, name), name)
            if start[4:] == _LITERT and (held := _design_behind(path, name)):
                return _members(held, name)
            if start == held_texts.HDF5 and (held := held_texts.in_hdf5(path)):
                return _members(held, name, "model_config")
            if name.lower().endswith(".onnx") and (held := held_texts.in_onnx(path)):
                return _members(held, name)
            file.seek(0)
            data = file.read(LARGEST_JSON + 1)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise DesignError(f"{name} cannot be read ({reason}).") from None
    for mark, what in _OTHERS.items():
        if data.startswith(mark, 4 if mark == _LITERT else 0):
            raise DesignError(f"{name} is {what}.")
    for ending, what in _ENDINGS.items():
        if name.lower().endswith(ending):
            raise DesignError(f"{name} is {what}.")
    if name.lower().endswith((".zip", ".keras")):
        raise DesignError(f"{name} is no zip archive, or only a part of one. Get it again.")
    if not data:
        raise DesignError(f"{name} is empty. {WORKS}")
    if len(data) <= LARGEST_JSON and not data.lstrip(_BEFORE_JSON).startswith(_JSON):
        raise DesignError(f"{name} is none of the files that can be opened. {WORKS}")
    return _values(read_json(data, name), name)


def _design_behind(path: Path, name: str) -> dict[str, bytes]:
    """Return the design that our LiteRT files have behind the model; empty if there is none."""
    try:
        found = archive.members(path, name)
    except DesignError:
        return {}
    return {archive.DESIGN: found[archive.DESIGN]} if archive.DESIGN in found else {}


def _folder(path: Path, name: str) -> Imported:
    found: dict[str, bytes] = {}
    for member in (archive.DESIGN, archive.CONFIG):
        file = path / member
        if file.is_file():
            with file.open("rb") as opened:
                found[member] = opened.read(LARGEST_JSON + 1)
    return _members(found, name)


def _values(data: Any, name: str) -> Imported:
    """Open what a JSON file holds."""
    if isinstance(data, str):  # model.to_json() written by json.dump: JSON in JSON
        data = read_json(data.encode("utf-8", "backslashreplace"), name)
    if isinstance(data, Mapping) and ("template" in data or data.get("format") == FILE_FORMAT):
        return _design(_read_design(data, name), DESIGN, name, ())
    if isinstance(data, Mapping) and isinstance(data.get("designs"), list):
        raise DesignError(
            f"{name} holds {len(data['designs']):,} designs of somebody's shelf. Add them under"
            " My designs by Import…, and open the one you want there."
        )
    noted = data.get("metadata") if isinstance(data, Mapping) else None
    if isinstance(noted, Mapping) and "model_designer" in noted:  # a notebook of ours
        return _design(_read_design(noted["model_designer"], name), DESIGN, name, ())
    data = _unwrapped(data)
    if is_model_config(data):
        return _model(data, name, KERAS_MODEL)
    raise DesignError(f"{name} holds no design and no model: received {show(data)}. {WORKS}")


def _unwrapped(data: Any) -> Any:
    """Return the model in a ``model.json`` of TensorFlow.js, and in what old weight files hold."""
    for key in ("modelTopology", "model_config"):
        if isinstance(data, Mapping) and isinstance(data.get(key), Mapping):
            data = data[key]
    return data


def _members(found: Mapping[str, bytes], name: str, layers: str = archive.CONFIG) -> Imported:
    """Open what an archive or a folder holds.

    Args:
        found: by what it is.
        layers: what the file itself calls the configuration of its model.
    """
    if not found:
        raise DesignError(
            f"{name} holds neither {archive.DESIGN} nor {archive.CONFIG}, so there is no design"
            f" and no Keras model in it. {WORKS}"
        )
    config = None
    if archive.CONFIG in found:
        config = read_json(found[archive.CONFIG], f"{layers} in {name}")
    if archive.DESIGN not in found:
        if not is_model_config(config):
            raise DesignError(f"{layers} in {name} describes no Keras model. {WORKS}")
        return _model(config, name, KERAS_MODEL)
    what = f"{archive.DESIGN} in {name}"
    design = _read_design(read_json(found[archive.DESIGN], what), what)
    if not is_model_config(config):
        return _design(design, PACKAGE, name, ())
    target = target_of(look(read_model(config)))
    if target is not None and same_layers(design, target):
        note = f"Its {layers} was compared: Keras has the same layers, wired the same way."
        return _design(design, PACKAGE, name, (note,))
    model = _model(config, name, KERAS_MODEL)
    note = (
        f"The {archive.DESIGN} in it is of another network than its {layers}, which is"
        " what Keras loads and what is shown."
    )
    return Imported(
        model.file_name, model.kind, model.design, model.looked, model.sentence,
        (note, *model.notes),
    )  # fmt: skip


def _read_design(data: Any, what: str) -> Design:
    try:
        return Design.from_dict(data)
    except DesignError as error:
        raise DesignError(f"{what}: {error}", field=error.field, layer=error.layer) from None


def _design(design: Design, kind: str, name: str, notes: tuple[str, ...]) -> Imported:
    what = {DESIGN: "a design", PACKAGE: "a model with its design"}[kind]
    fault = outline(design).fault
    told = (f"It cannot be built as it stands: {fault}",) if fault else ()
    sentence = f"{name} is {what}: {template_words(design)}."
    return Imported(name, kind, design, None, sentence, (*notes, *told))


def _model(config: Mapping[str, Any], name: str, kind: str) -> Imported:
    try:
        looked = look(read_model(config))
    except DesignError as error:
        raise DesignError(f"{name}: {error}", field=error.field, layer=error.layer) from None
    except RecursionError:
        raise DesignError(f"{name}: its models stand too deeply in one another.") from None
    choices, unknown = compile_choices(looked.model.compiled)
    found = _recognised(looked, choices)
    design = found.design
    notes = (
        *about_model(looked, found),
        *found.notes,
        *(editing_notes(looked, design, choices, unknown) if design else ()),
    )
    return Imported(name, kind, design, looked, sentence_for(name, looked, design), notes)


def _recognised(looked: Looked, choices: Mapping[str, Any]) -> Recognised:
    target = target_of(looked)
    return Recognised(None) if target is None else recognise(target, choices)
