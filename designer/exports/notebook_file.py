"""The design as a Jupyter notebook that trains it on sample data."""

from __future__ import annotations

import json

from designer.exports.code_file import COUNT, counted
from designer.exports.design_format import DesignFormat, refuse
from designer.exports.fresh_process import Program
from designer.summary import Summary


class NotebookFile(DesignFormat):
    """Cells that build the model, make sample data, train and plot."""

    name = "notebook"
    title = "Notebook (.ipynb)"
    description = "A Jupyter notebook that builds the model and trains it on sample data."
    file_name = "model.ipynb"
    order = 80
    requirements = ("keras", "tensorflow", "numpy", "matplotlib")

    def text(self, summary: Summary) -> str:
        from designer.code import notebook

        cells = notebook(summary.design)
        cells["metadata"]["model_designer"] = json.loads(summary.design.to_json())
        return json.dumps(cells, indent=1, ensure_ascii=False) + "\n"

    def proof(self, text: str, summary: Summary) -> str:
        for number, source in enumerate(_cells(text), 1):
            try:
                compile(source, f"<cell {number}>", "exec")
            except SyntaxError as error:
                raise refuse(f"Cell {number} of the notebook is not Python: {error}") from error
        return "every cell of code compiles"

    def program(self, text: str) -> Program | None:
        return Program(f"SOURCE = {_cells(text)[0]!r}\n{COUNT}")

    def proof_of_run(self, told: object, summary: Summary) -> str:
        return f"its cell that builds the model was run: {counted(told, summary)}"


def _cells(text: str) -> list[str]:
    return [
        "".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"
    ]
