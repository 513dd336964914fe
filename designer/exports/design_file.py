"""The design as JSON: what Model Designer opens again."""

from __future__ import annotations

from designer.design import Design
from designer.errors import DesignError
from designer.exports.design_format import DesignFormat, refuse
from designer.summary import Summary


class DesignFile(DesignFormat):
    """The file that Model Designer saves and opens."""

    name = "design"
    title = "Design (.json)"
    description = "What was chosen, without weights: Model Designer opens it again."
    file_name = "design.json"
    order = 60

    def text(self, summary: Summary) -> str:
        return summary.design.to_json()

    def loading_code(self, path: str) -> str:
        return (
            f"import json\n\nwith open({path!r}, encoding='utf-8') as file:\n"
            "    design = json.load(file)\n"
        )

    def proof(self, text: str, summary: Summary) -> str:
        try:
            again = Design.from_json(text)
        except DesignError as error:
            raise refuse(f"The design was written, but does not read back: {error}") from error
        if again != summary.design:
            raise refuse("The design was written, but another one reads back")
        return "read back: the same design"
