"""The design as Keras code that runs by itself."""

from __future__ import annotations

from typing import Any

from designer.exports.design_format import DesignFormat, refuse
from designer.exports.fresh_process import Program
from designer.summary import Summary

# Weights are described and not made: a network of half a gigabyte is counted in a moment. What
# compiling makes cannot be put off like that, so it is done afterwards.
COUNT = """\
import keras

compile_model, asked = keras.Model.compile, []
keras.Model.compile = lambda model, **settings: asked.append((model, settings))
with keras.StatelessScope(initialize_variables=False):
    space = {"__name__": "checked"}
    exec(compile(SOURCE, "<the code>", "exec"), space)
keras.Model.compile = compile_model
for made, settings in asked:
    made.compile(**settings)
model = space["model"]
told = {
    "params": model.count_params(),
    "layers": [[type(one).__name__, list(one.output.shape[1:])] for one in model.layers],
    "compiled": model.compiled,
}
"""


class CodeFile(DesignFormat):
    """The functional style, a line or a loop for each part."""

    name = "code"
    title = "Python code (.py)"
    description = "Keras code that builds and compiles the model: to read, change and run."
    file_name = "model.py"
    order = 70
    requirements = ("keras", "tensorflow")

    def text(self, summary: Summary) -> str:
        from designer.code import write_code

        return write_code(summary.design, summary=summary)

    def loading_code(self, path: str) -> str:
        return f"import runpy\n\nmodel = runpy.run_path({path!r})['model']\n"

    def program(self, text: str) -> Program | None:
        return Program(f"SOURCE = {text!r}\n{COUNT}")

    def proof_of_run(self, told: object, summary: Summary) -> str:
        return counted(told, summary)


def counted(told: Any, summary: Summary) -> str:
    """Return in words that code which was run made the model of a design.

    Raises:
        ExportError: its layers or parameters are others.
    """
    params = told["params"]
    if params != summary.total_params:
        raise refuse(
            f"The code was written, but makes a model of {params:,} parameters where the design"
            f" has {summary.total_params:,}"
        )
    own = [[one.class_name, list((one.output_shape or ())[-len(shape) :])]
           for one, (_, shape) in zip(summary.layers, told["layers"], strict=False)]  # fmt: skip
    if sorted(map(str, own)) != sorted(map(str, told["layers"])):
        raise refuse("The code was written, but the layers it makes are not those of the design")
    if not told["compiled"]:
        raise refuse("The code was written, but leaves the model uncompiled")
    return f"it made the {len(own)} layers and {params:,} parameters of the design"
