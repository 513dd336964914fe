"""How a SavedModel is served: by TensorFlow Serving, and looked into by ``saved_model_cli``."""

from __future__ import annotations

import json
import re

from designer.exports.contents import Contents

PICTURES_SIGNATURE = "encoded_pictures"


def serving(contents: Contents) -> str:
    """Return the card's section on serving: Markdown."""
    name = service_name(contents.name)
    folder = contents.location
    inside = "" if folder == "." else f"/{folder}"
    example = _example(contents)
    body = json.dumps({"instances": [example]})
    short = body if len(body) <= 200 else _shortened(contents)
    return f"""\
## Serve it

[TensorFlow Serving](https://github.com/tensorflow/serving) serves the folder as it is. In the
folder of this README:

```sh
docker run -p 8501:8501 -v "$PWD{inside}:/models/{name}/1" -e MODEL_NAME={name} tensorflow/serving
```

Then ask it, by REST; `instances` holds as many examples as you like, {_each(contents)}:

```sh
curl -X POST http://localhost:8501/v1/models/{name}:predict -d '{short}'
```

It answers with `predictions`, one an example.{_answer(contents)}{_pictures(contents, name)}

`saved_model_cli` comes with TensorFlow, and shows and runs the same signature here:

```sh
saved_model_cli show --dir {folder} --tag_set serve --signature_def serving_default
{_run(contents)}
```
"""


def service_name(title: str) -> str:
    """Return a title as the name of a service: letters, digits, hyphens, underscores."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", title).strip("-")[:60] or "model"


def _example(contents: Contents) -> object:
    """Return one example as JSON values."""
    shape = contents.raw_shape
    if len(shape) == 1:
        preprocessing = contents.notes.preprocessing
        values = preprocessing.shift if preprocessing else [0.0] * shape[0]
        return [round(float(value), 3) for value in values]
    value: object = 0
    for size in reversed(shape):
        value = [value] * size
    return value


def _each(contents: Contents) -> str:
    shape = contents.raw_shape
    if len(shape) == 1:
        return f"each a list of {shape[0]} numbers"
    return f"each of shape {' × '.join(map(str, shape))}"


def _shortened(contents: Contents) -> str:
    shape = contents.raw_shape
    inner = "…"
    for _ in shape:
        inner = f"[{inner}]"
    return f'{{"instances": [{inner}]}}'


def _answer(contents: Contents) -> str:
    usual = next(iter(contents.signatures), None)
    return f" Each has {usual.returns}." if usual else ""


def _pictures(contents: Contents, name: str) -> str:
    if not any(one.name == PICTURES_SIGNATURE for one in contents.signatures):
        return ""
    return f"""

Pictures as files, PNG or JPEG of any size, go to the signature `{PICTURES_SIGNATURE}`, in base 64:

```sh
echo '{{"signature_name": "{PICTURES_SIGNATURE}", "instances": [{{"b64": "'$(base64 < one.png | tr -d '\\n')'"}}]}}' \\
  | curl -X POST http://localhost:8501/v1/models/{name}:predict -d @-
```"""  # noqa: E501


def _run(contents: Contents) -> str:
    """Return the shell's lines that run the signature: on a literal, or on a file."""
    command = (
        f"saved_model_cli run --dir {contents.location} --tag_set serve"
        " --signature_def serving_default \\\n"
    )
    shape = contents.raw_shape
    if len(shape) == 1 and shape[0] <= 20:
        return f"{command}  --input_exprs 'inputs={json.dumps([_example(contents)])}'"
    kind = "uint8" if contents.notes.preprocessing and len(shape) == 3 else "float32"
    size = ", ".join(map(str, (3, *shape)))
    made = f"import numpy; numpy.save('examples.npy', numpy.zeros(({size}), '{kind}'))"
    return f'python -c "{made}"\n{command}  --inputs inputs=examples.npy'
