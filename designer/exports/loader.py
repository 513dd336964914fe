"""The loader script of a package: it runs as it is, on made-up examples or on a person's own.

``load.py`` needs what ``requirements.txt`` names and nothing of ours.
"""

from __future__ import annotations

import textwrap

from designer.exports.contents import Contents
from designer.exports.loader_reading import reading_code
from designer.exports.preparation_code import preparation_code
from designer.tasks import heads

LOADER_FILE = "load.py"


def loader(contents: Contents) -> str:
    """Return the Python source of ``load.py``."""
    prepare = (
        preparation_code(contents.notes.preprocessing)
        if contents.notes.preprocessing
        else 'def prepare(raw):\n    """Return examples as the model takes them."""\n'
        "    return np.asarray(raw, np.float32)\n"
    )
    parts = [
        _head(contents),
        reading_code(contents),
        _made_up(contents),
        prepare,
        _telling(contents),
        _loading(contents),
        _MAIN,
    ]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _head(contents: Contents) -> str:
    shape = contents.raw_shape
    title = contents.name.replace("\\", "/").replace('"""', "'''").rstrip('"')
    usage = "    python load.py data.npy     rows of an array saved by numpy: " + (
        f"(n, {', '.join(map(str, shape))})"
    )
    if len(shape) == 1:
        usage += "\n    python load.py data.csv     rows of a table"
    if contents.takes_pictures:
        usage += "\n    python load.py one.png …    pictures"
    kind = "a raw example" if contents.notes.preprocessing else "an example as the model takes it"
    return f'''\
"""{title}: load the model and predict.

    python load.py              three made-up examples
{usage}

It needs what requirements.txt names: python -m pip install -r requirements.txt
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

HERE = Path(__file__).resolve().parent

SHAPE = {shape!r}
"""The shape of {kind}."""


def stop(line):
    """End with one line on what is wrong and what would work."""
    sys.exit(f"load.py: {{' '.join(line.split())}}")


try:
    import numpy as np
except ImportError:
    stop("numpy is missing. Install it: python -m pip install -r requirements.txt")
'''


def _made_up(contents: Contents) -> str:
    """Return ``made_up()``: three examples at random, of the size that real ones have."""
    preprocessing = contents.notes.preprocessing
    shape = contents.raw_shape
    if len(shape) == 3 and preprocessing:
        low, high = contents.pixel_range
        made = f"generator.integers({low:g}, {high + 1:g}, size=(3, *SHAPE))"
    elif preprocessing and preprocessing.method != "none":
        shift, scale = list(preprocessing.shift), list(preprocessing.scale)
        spread = "normal" if preprocessing.method == "standardise" else "random"
        made = f"generator.{spread}(size=(3, *SHAPE)) * {scale} + {shift}"
    else:
        made = "generator.normal(size=(3, *SHAPE))"
    return f'''\
def made_up():
    """Return three examples made at random: they show that it works, and mean nothing."""
    generator = np.random.default_rng(0)
    return {made}
'''


def _telling(contents: Contents) -> str:
    """Return ``told(outputs)``: what the outputs for one example say, in words."""
    task, notes = contents.design["task"], contents.notes
    exits = heads(contents.design.parameters)
    if task == "regression":
        names = list(notes.target_names) or [f"value {n}" for n in range(1, exits[0].units + 1)]
        code = f'''\
NAMES = {names!r}


def told(outputs):
    """Return what the outputs for one example say."""
    return ", ".join(f"{{name}} = {{written(value)}}" for name, value in zip(NAMES, outputs[0]))


def written(value):
    """Return a number with six digits; a large one whole, with its thousands apart."""
    return f"{{value:,.0f}}" if 1e5 <= abs(value) < 1e12 else f"{{value:.6g}}"
'''
    elif task == "binary":
        no, yes = notes.class_names[0] if notes.class_names else ("no", "yes")
        code = f'''\
NO, YES = {no!r}, {yes!r}


def told(outputs):
    """Return what the outputs for one example say: the class, and how sure of it."""
    probability = float(outputs[0][0])
    if probability >= 0.5:
        return f"{{YES}} ({{probability:.1%}})"
    return f"{{NO}} ({{1 - probability:.1%}})"
'''
    elif task == "multilabel":
        names = (
            list(notes.class_names[0])
            if notes.class_names
            else [f"label {n}" for n in range(exits[0].units)]
        )
        code = f'''\
LABELS = {names!r}


def told(outputs):
    """Return what the outputs for one example say: every label of 50% and more."""
    found = [f"{{label}} ({{p:.1%}})" for label, p in zip(LABELS, outputs[0]) if p >= 0.5]
    return ", ".join(found) or "no label"
'''
    else:
        known = [
            list(notes.class_names[place])
            if notes.class_names
            else [f"class {n}" for n in range(head.units)]
            for place, head in enumerate(exits)
        ]
        if len(exits) == 1:
            return f'''\
CLASSES = {known[0]!r}


def told(outputs):
    """Return what the outputs for one example say: the likeliest class, and how likely."""
    best = int(outputs[0].argmax())
    return f"{{CLASSES[best]}} ({{outputs[0][best]:.1%}})"
'''
        asked = list(notes.target_names)
        if len(asked) != len(exits):
            asked = [head.name for head in exits]
        code = f'''\
CLASSES = {dict(zip(asked, known, strict=True))!r}


def told(outputs):
    """Return what the outputs for one example say: of each head the likeliest class."""
    parts = []
    for (name, classes), probabilities in zip(CLASSES.items(), outputs):
        best = int(probabilities.argmax())
        parts.append(f"{{name}} = {{classes[best]}} ({{probabilities[best]:.1%}})")
    return ", ".join(parts)
'''
    return code


def _loading(contents: Contents) -> str:
    code = contents.format.loading_code(contents.location).rstrip().replace("\n\n\n", "\n\n")
    lines = textwrap.indent(code, "    ")
    return f'''\
def load():
    """Load the model and return its function ``predict``: a batch in, an array a head out."""
{lines}

    return predict
'''


_MAIN = '''\
def main():
    """Predict what the command line names, or three made-up examples."""
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(__doc__.strip())
        return
    files = [Path(name).resolve() for name in sys.argv[1:]]
    batches = [(file.name, read(file)) for file in files] or [("made-up example", made_up())]
    os.chdir(HERE)
    try:
        predict = load()
    except ImportError as error:
        while isinstance(error.__context__, ImportError):  # what was tried first is what is meant
            error = error.__context__
        what = error.name or error
        stop(f"{what} is missing. Install it: python -m pip install -r requirements.txt")
    except (OSError, ValueError) as error:
        stop(f"the model cannot be loaded: {(str(error).strip().splitlines() or ['?'])[0]}")
    for name, raw in batches:
        for first in range(0, len(raw), 256):
            outputs = predict(prepare(raw[first : first + 256]))
            for row in range(len(outputs[0])):
                number = f" {first + row + 1}" if len(raw) > 1 else ""
                print(f"{name}{number}: {told([head[row] for head in outputs])}")


if __name__ == "__main__":
    main()
'''
