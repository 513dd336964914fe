"""The arguments of the layers we know, read from Keras's configuration into a design's own words.

A design says only what differs from Keras's defaults, and so does what comes out of here: a layer
of a file and a layer of a design are the same when class and arguments are equal. What our rules
cannot count (dilated windows, channels first) and what a design has no word for (a regularizer)
is said, in words, beside it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.importing.argument_values import READERS, border, class_of, is_glorot, policy_of
from designer.importing.found import FoundLayer, whole_shape
from designer.importing.naming import fit
from designer.layers import rule_for, rules
from designer.regularizers import L2
from designer.templates.parameters import show
from designer.templates.shared_parameters import l2_parameter

#: Keras's default of every argument that says what a layer computes; ``...`` where it has none.
_PAIR_OF_ONES = (1, 1)
_WINDOW = {"kernel_size": ..., "strides": _PAIR_OF_ONES, "padding": "valid"}
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "Dense": {"units": ..., "activation": "linear", "use_bias": True},
    "Conv2D": {
        "filters": ..., **_WINDOW, "groups": 1, "activation": "linear", "use_bias": True,
    },
    "DepthwiseConv2D": {
        **_WINDOW, "depth_multiplier": 1, "activation": "linear", "use_bias": True,
    },
    "MaxPooling2D": {"pool_size": (2, 2), "strides": None, "padding": "valid"},
    "AveragePooling2D": {"pool_size": (2, 2), "strides": None, "padding": "valid"},
    "GlobalAveragePooling2D": {"keepdims": False},
    "GlobalMaxPooling2D": {"keepdims": False},
    "BatchNormalization": {"momentum": 0.99, "epsilon": 1e-3},
    "Dropout": {"rate": ...},
    "Activation": {"activation": ...},
    "ReLU": {"max_value": None, "negative_slope": 0.0, "threshold": 0.0},
    "Reshape": {"target_shape": ...},
    "ZeroPadding2D": {"padding": _PAIR_OF_ONES},
    "Flatten": {},
    "Add": {},
    "Multiply": {},
    "Concatenate": {},
}  # fmt: skip

#: Arguments whose value must be this one for our rules to count the layer rightly.
_COUNTED_ONLY: Mapping[str, tuple[Any, ...]] = {
    "data_format": ("channels_last", None),
    "dilation_rate": ([1, 1], 1),
    "center": (True,),
    "scale": (True,),
    "renorm": (False,),
    "virtual_batch_size": (None,),
}

#: Arguments that change how a layer learns or draws, not what it is: this value is nothing.
_EDITED_ONLY: Mapping[str, tuple[Any, ...]] = {
    "trainable": (True,),
    "noise_shape": (None,),
    "synchronized": (False,),
    "fused": (True, False, None),
    "sparse": (False,),
    "ragged": (False,),
    "optional": (False,),
    "quantization_config": (None,),
    "lora_rank": (None,),
    "lora_alpha": (None,),
    "activity_regularizer": (None,),
}

#: What a configuration may hold without a meaning for the layer as it stands.
_SAYS_NOTHING = {
    "name", "batch_input_shape", "batch_shape", "input_dim", "renorm_clipping", "renorm_momentum",
}  # fmt: skip

_FLOATS = ("float32", None)

#: What Keras starts each kind of weight with.
_USUAL_START = {
    "kernel_initializer": "GlorotUniform",
    "depthwise_initializer": "GlorotUniform",
    "bias_initializer": "Zeros",
    "beta_initializer": "Zeros",
    "gamma_initializer": "Ones",
    "moving_mean_initializer": "Zeros",
    "moving_variance_initializer": "Ones",
}

#: Whose padding is a border of zeros, not a word.
_ITS_BORDER = ("ZeroPadding2D", "padding")

#: The layers that take any number of inputs; all others take one.
MERGING = ("Add", "Multiply", "Concatenate")


@dataclass
class ReadLayer:
    """A layer of a file as a design would say it.

    Attributes:
        class_name: the class; another one where it says the same (``Activation("relu")`` is a
            ``ReLU``).
        config: its arguments, as far as they differ from Keras's defaults and we know them.
        uncounted: why our rules cannot count it; empty if they can.
        unedited: why no design has such a layer, though it is counted.
        unreached: why it is not counted where that is no fault of its own.
        start: how its first weights are drawn, where not in Keras's usual way.
    """

    class_name: str
    config: dict[str, Any] = field(default_factory=dict)
    uncounted: list[str] = field(default_factory=list)
    unedited: list[str] = field(default_factory=list)
    start: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)


def read_layer(layer: FoundLayer, input_rank: int | None) -> ReadLayer:
    """Return a layer of a file as a design would say it.

    Args:
        input_rank: how many sizes what comes into it has, without the batch, if that is known.
    """
    read = ReadLayer(layer.class_name)
    if layer.class_name == "Lambda":
        read.uncounted.append("Lambda, not run: it holds code of its own")
        return read
    if not layer.own:
        read.uncounted.append("it is no layer of Keras's own")
        return read
    if layer.class_name == "InputLayer":
        _read_input(layer, read)
        return read
    if layer.class_name not in DEFAULTS or layer.class_name not in rules():
        read.uncounted.append("we have no rule for layers of this class")
        return read
    several = layer.class_name in MERGING
    if len(layer.inputs) != 1 and not (several and len(layer.inputs) > 1):
        read.uncounted.append(f"it takes {len(layer.inputs)} inputs here")
    read.unedited += layer.remarks
    if any("shares the weights" in remark for remark in layer.remarks):
        read.uncounted.append("its weights are shared, and counted where they were used first")
    _read_arguments(layer, read, input_rank)
    return read


def _read_input(layer: FoundLayer, read: ReadLayer) -> None:
    shape = whole_shape(layer.told_shape)
    if shape is None:
        read.uncounted.append("the size of the input is left open")
    else:
        read.config["shape"] = shape
    _rest(layer.config, {"shape"}, read)


def _read_arguments(layer: FoundLayer, read: ReadLayer, input_rank: int | None) -> None:
    known = DEFAULTS[layer.class_name]
    for name, default in known.items():
        given = layer.config.get(name, default)
        reader = border if (layer.class_name, name) == _ITS_BORDER else READERS[name]
        value = ... if given is ... else reader(given)
        if value is None and default is not None and name != "activation":
            value = ...
        if value is ...:
            what = "is missing" if given is ... else f"is {show(given)}, which no layer of ours has"
            read.uncounted.append(f"its {name} {what}")
        elif value != default:
            read.config[name] = value
        if name == "activation" and value is None:
            read.config.pop(name, None)
            read.unedited.append("it has an activation of its own")
    if layer.class_name in ("Dense", "Conv2D", "DepthwiseConv2D"):
        for name in ("kernel_size", "strides", "padding"):  # these a design always says
            if name in known and name not in read.config and known[name] is not ...:
                read.config[name] = known[name]
    if layer.class_name == "ZeroPadding2D":
        read.config.setdefault("padding", known["padding"])
    if layer.class_name in ("MaxPooling2D", "AveragePooling2D"):
        size = read.config.setdefault("pool_size", known["pool_size"])
        if read.config.get("strides") is None:
            read.config["strides"] = size
        read.config.setdefault("padding", known["padding"])
    _read_axis(layer, read, input_rank)
    _rest(layer.config, {*known, "axis"}, read)
    _same_in_other_words(read)


def _read_axis(layer: FoundLayer, read: ReadLayer, input_rank: int | None) -> None:
    if layer.class_name not in ("BatchNormalization", "Concatenate"):
        return
    axis = layer.config.get("axis", -1)
    if isinstance(axis, list) and len(axis) == 1:
        axis = axis[0]
    if axis != -1 and (input_rank is None or axis != input_rank):
        read.uncounted.append(f"its axis is {show(axis)}, and ours is always the last")


def _rest(config: Mapping[str, Any], known: set[str], read: ReadLayer) -> None:
    """Judge the arguments that say nothing of what a layer computes from what."""
    for name, value in config.items():
        if name in known or name in _SAYS_NOTHING:
            continue
        if name == "dtype":
            if policy_of(value) not in _FLOATS:
                read.unedited.append(f"it computes in {policy_of(value)}")
        elif name == "seed":
            if value is not None:
                read.start.append("a seed of its own")
        elif name.endswith("_initializer"):
            drawn = class_of(value)
            if drawn not in (_USUAL_START.get(name), None) and not is_glorot(value):
                read.start.append(drawn)
        elif name in _COUNTED_ONLY:
            if not any(value == usual for usual in _COUNTED_ONLY[name]):
                read.uncounted.append(f"its {name} is {show(value)}")
        elif name in _EDITED_ONLY:
            if value not in _EDITED_ONLY[name]:
                shown = class_of(value) or show(value)
                read.unedited.append(
                    "its weights are frozen" if name == "trainable" else f"its {name} is {shown}"
                )
        elif name.endswith("_regularizer"):
            penalty = penalty_of(value)
            if penalty is not None and name in rule_for(read.class_name).kernel_regularizers:
                read.config[name] = penalty
            elif value is not None:
                read.unedited.append(f"it has a {name} ({class_of(value) or 'of its own'})")
        elif name.endswith("_constraint"):
            if value is not None:
                read.unedited.append(f"it has a {name} ({class_of(value) or 'of its own'})")
        elif value not in (None, False):
            read.unedited.append(f"its argument {fit(name)} is {show(value)}")


def penalty_of(value: Any) -> L2 | None:
    """Return the penalty that a design can have too; ``None`` for any other regularizer.

    Keras 2 kept it as a number of 32 bits, and wrote that down with the digits of one of 64.

    >>> str(penalty_of({"class_name": "L2", "config": {"l2": 0.001}}))
    'L2(0.001)'
    >>> penalty_of({"class_name": "L2", "config": {"l2": 0.0005000000237487257}}).factor
    0.0005
    """
    config = value.get("config") if isinstance(value, Mapping) else None
    if class_of(value) not in ("L2", "L1L2") or not isinstance(config, Mapping):
        return None
    strength = config.get("l2")
    if isinstance(strength, bool) or not isinstance(strength, (int, float)) or config.get("l1"):
        return None
    if not 0 < strength <= l2_parameter().maximum:
        return None
    return L2(_as_written(float(strength)))


def _as_written(number: float) -> float:
    """Return a number of 32 bits by the digits it has, and any other as it is."""
    packed = struct.pack("<f", number)
    short = float(f"{number:.7g}")
    is_single = struct.unpack("<f", packed)[0] == number
    return short if is_single and struct.pack("<f", short) == packed else number


def _same_in_other_words(read: ReadLayer) -> None:
    """Say ``Activation("relu")`` as ``ReLU``, and a ``ReLU`` up to 6 as ``Activation``: the same
    functions, in the words of a design."""
    if read.class_name == "Activation" and read.config == {"activation": "relu"}:
        read.class_name, read.config = "ReLU", {}
    elif read.class_name == "ReLU" and read.config == {"max_value": 6.0}:
        read.class_name, read.config = "Activation", {"activation": "relu6"}
