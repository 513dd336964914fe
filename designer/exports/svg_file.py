"""The drawing of a design as a picture."""

from __future__ import annotations

from xml.etree import ElementTree

from designer.exports.design_format import DesignFormat, refuse
from designer.summary import Summary

_SVG = "{http://www.w3.org/2000/svg}"


class SvgFile(DesignFormat):
    """The architecture drawn block by block, light, on white."""

    name = "svg"
    title = "Drawing (.svg)"
    description = "The architecture as a picture, for a paper or a slide."
    file_name = "drawing.svg"
    order = 90

    def text(self, summary: Summary) -> str:
        from designer.drawing import draw
        from designer.drawing.svg import standalone_svg

        return standalone_svg(draw(summary, depth="blocks"))

    def proof(self, text: str, summary: Summary) -> str:
        try:
            root = ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            raise refuse(f"The drawing was written, but is not XML: {error}") from error
        shapes = sum(1 for one in root.iter() if one.tag in (f"{_SVG}path", f"{_SVG}rect"))
        if root.tag != f"{_SVG}svg" or not shapes:
            raise refuse("The drawing was written, but there is nothing in it")
        return f"read back: a drawing of {shapes} shapes"
