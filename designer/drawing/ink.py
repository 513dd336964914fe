"""How the parts of a drawing are painted: by classes on a page, by plain colours in a file.

A file for a paper or a slide is opened by programs that know neither our page nor modern style
sheets, so that every shape there carries its colours itself. They are those of the page's light
theme.
"""

from __future__ import annotations

from functools import cache

#: The page's light theme (.streamlit/config.toml).
PAPER, SOFT, TEXT, MUTED, LINE = "#ffffff", "#f3f5fa", "#1b2130", "#565c6b", "#d9deea"
ACCENT, BAD, BAD_SOFT = "#3550c8", "#b3261e", "#fdeceb"
PALEST = "#c4d2fb"
STEM, TASK, ACTIVATION = "#1d9a86", "#e27c33", "#c95d9b"

FONTS = "Inter, 'Source Sans 3', 'Source Sans Pro', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"

#: Groups after this one keep its colour.
MOST_HUES = 6


def hue_of(role: str, number: int) -> str:
    """Return the name of a box's colour."""
    return role if role in {"stem", "task"} else f"group{min(max(number, 1), MOST_HUES)}"


class PageInk:
    """Leaves colours to the page's style sheet."""

    on_page = True

    def __call__(self, part: str, hue: str = "") -> str:
        return f' class="{part}"'


class FileInk:
    """Writes colours into every shape."""

    on_page = False

    def __call__(self, part: str, hue: str = "") -> str:
        return _in_file(part, hue)


Ink = PageInk | FileInk


@cache
def _in_file(part: str, hue: str) -> str:
    colour = BAD if hue == "fault" else _hue(hue)
    name, _, more = part.partition(" ")
    pale = more == "pale"
    edge = f' stroke="{mix(colour, TEXT, 0.55)}" stroke-width=".8"'
    found = {
        "frame": f' fill="{SOFT}"',
        "frame fault": f' fill="{BAD_SOFT}" stroke="{BAD}"',
        "frame block": f' fill="{PAPER}" stroke="{LINE}"',
        "frame block fault": f' fill="{BAD_SOFT}" stroke="{BAD}"',
        "name": f' font-weight="600" fill="{TEXT}"',
        "flow": f' fill="none" stroke="{mix(MUTED, PAPER, 0.62)}" stroke-width="1.4"',
        "skip": f' fill="none" stroke="{MUTED}" stroke-width="1.6"',
        "tip": f' fill="{MUTED}"',
        "connection": f' fill="none" stroke="{MUTED}" stroke-width=".6" stroke-opacity=".38"',
        "join": f' fill="{PAPER}" stroke="{TEXT}" stroke-width="1.5"',
        "sign": f' fill="none" stroke="{TEXT}" stroke-width="1.7" stroke-linecap="round"',
        "more": f' fill="{PAPER}" stroke="{MUTED}"',
        "unbuilt": f' fill="{PAPER}" stroke="{MUTED}" stroke-width="1.3" stroke-dasharray="4 3"',
        "unbuilt fault": f' fill="{BAD_SOFT}" stroke="{BAD}" stroke-width="2.2"',
        "callout": f' font-weight="600" fill="{BAD}"',
        "label": f' font-size="10.5" fill="{MUTED}"',
        "slices": f' fill="none" stroke="{PAPER}" stroke-opacity=".75" stroke-width="1"',
        "mark normalization": f' fill="{mix(colour, TEXT, 0.45)}"',
        "mark activation": f' fill="{ACTIVATION}"',
        "mark dropout": f' fill="{PAPER}" stroke="{MUTED}" stroke-dasharray="3 2"',
        "mark padding": f' fill="{mix(colour, PAPER, 0.35)}"',
    }
    if part in found:
        return found[part]
    if part.endswith("dashed"):
        return found[name] + ' stroke-dasharray="4 4"'
    if name == "top":
        return f' fill="{mix(colour, PAPER, 0.28 if pale else 0.6)}"{edge}'
    if name == "side":
        side = mix(colour, PAPER, 0.58) if pale else mix(colour, "#000000", 0.72)
        return f' fill="{side}"{edge}'
    if name in {"front", "column", "unit"}:
        return f' fill="{mix(colour, PAPER, 0.42) if pale else colour}"{edge}'
    return ""


def _hue(hue: str) -> str:
    if hue == "stem":
        return STEM
    if hue == "task":
        return TASK
    step = int(hue.removeprefix("group") or 1) if hue else 1
    return mix(ACCENT, PALEST, 0.40 + 0.12 * (step - 1))


def mix(first: str, second: str, share: float) -> str:
    """Mix two colours (``#rrggbb``), so much of the first.

    >>> mix("#ffffff", "#000000", 0.5)
    '#808080'
    """
    pairs = ((int(first[at : at + 2], 16), int(second[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)
