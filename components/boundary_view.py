"""The decision boundary of a run on data of two features, moving while it trains."""

from __future__ import annotations

import base64
import io

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw

from components.pulse import pulse
from designer.datasets import dataset_info
from designer.design import Design
from designer.errors import DesignerError
from designer.evaluating.words import counted
from designer.paths import run_folder
from designer.training import Run
from designer.training.boundary import BOUNDARY_FILE, Boundary, has_boundary, load_boundary

#: Seconds between two looks at a map that moves.
EVERY = 0.7

#: Pixels a side of the picture.
SIDE = 480

#: A colour a class, told apart by people who see few colours too; then they come again.
COLOURS = np.array(
    [
        [76, 110, 245], [232, 89, 12], [47, 158, 107], [201, 62, 150], [214, 168, 10],
        [23, 162, 184], [134, 94, 60], [120, 130, 150],
    ]
)  # fmt: skip


def boundary(run: Run) -> None:
    """Show what the run's model says of the whole plane; while it trains, again and again."""
    _moving(run) if not run.is_over else _drawn(run)


@st.fragment
def _moving(run: Run) -> None:
    _drawn(run)
    pulse(every=EVERY, key=f"boundary_{run.id}")


def _drawn(run: Run) -> None:
    if not has_boundary(run.id):
        st.caption("The map of the plane appears here once training has begun.")
        return
    try:
        made = _picture(run.id, (run_folder(run.id) / BOUNDARY_FILE).stat().st_mtime_ns)
    except (DesignerError, OSError) as error:
        st.caption(str(error))
        return
    data, alt, words = made
    names = _classes(run)
    legend = "".join(_legend(name, COLOURS[n % len(COLOURS)]) for n, name in enumerate(names))
    # Decoded at once, and in the place of the one before: it does not flicker.
    st.html(
        f'<figure style="margin:0;max-width:{SIDE}px"><img decoding="sync" width="{SIDE}"'
        f' height="{SIDE}" style="width:100%;height:auto;aspect-ratio:1;border-radius:10px"'
        f' alt="{alt}" src="data:image/png;base64,{data}"></figure>'
        f'<div style="display:flex;flex-wrap:wrap;gap:4px 16px;margin-top:6px">{legend}</div>'
    )
    st.caption(words)


def _legend(name: str, colour: np.ndarray) -> str:
    return (
        '<span style="white-space:nowrap"><i style="display:inline-block;width:11px;height:11px;'
        f'border-radius:50%;margin-right:5px;background:rgb{tuple(colour.tolist())}"></i>'
        f"{name}</span>"
    )


@st.cache_resource(show_spinner=False, max_entries=32)
def _picture(run_id: str, written: int) -> tuple[str, str, str]:
    """Return a map as base64 of a PNG, what it shows, and where training stood."""
    found = load_boundary(run_id)
    stream = io.BytesIO()
    Image.fromarray(painted(found)).save(stream, format="PNG")
    words = (
        f"After {counted(found.step, 'step')}, in epoch {found.epoch:,}. Each place has the"
        " colour of the class the model takes it for, the fuller the surer; points are training"
        " examples."
    )
    alt = f"Map of the model's decisions after {counted(found.step, 'step')}"
    return base64.b64encode(stream.getvalue()).decode(), alt, words


def _classes(run: Run) -> list[str]:
    from html import escape

    try:
        view = dataset_info(run.settings["dataset"]).view(Design.from_dict(run.design)["task"])
    except DesignerError:
        return []
    return [escape(name) for name in view.heads[0]] if view.heads else []


def painted(found: Boundary, side: int = SIDE) -> np.ndarray:
    """Return a map as a picture, uint8 (side, side, 3), y upwards, with its points."""
    outputs = np.asarray(found.outputs, np.float32)
    if outputs.shape[2] == 1:
        low, high = float(outputs.min()), float(outputs.max())
        is_chance = low >= 0 and high <= 1
        yes = outputs[..., 0] if is_chance else (outputs[..., 0] - low) / max(high - low, 1e-9)
        outputs = np.stack([1 - yes, yes], axis=2)
    large = np.stack(
        [
            np.asarray(
                Image.fromarray(np.nan_to_num(outputs[::-1, :, unit])).resize(
                    (side, side), Image.Resampling.BICUBIC
                )
            )
            for unit in range(outputs.shape[2])
        ],
        axis=2,
    )
    best, sure = large.argmax(axis=2), np.clip(large.max(axis=2), 0, 1)
    least = 1 / outputs.shape[2]
    share = 0.1 + 0.5 * np.clip((sure - least) / (1 - least), 0, 1)
    colour = COLOURS[best % len(COLOURS)]
    picture = 255 + (colour - 255) * share[..., np.newaxis]
    edge = np.zeros(best.shape, bool)
    edge[1:] |= best[1:] != best[:-1]
    edge[:, 1:] |= best[:, 1:] != best[:, :-1]
    picture[edge] = [40, 46, 60]
    return _with_points(picture.round().astype(np.uint8), found)


def _with_points(picture: np.ndarray, found: Boundary) -> np.ndarray:
    image = Image.fromarray(picture)
    pen, side = ImageDraw.Draw(image), len(picture)
    x = (found.points[:, 0] - found.x[0]) / (found.x[-1] - found.x[0]) * (side - 1)
    y = (1 - (found.points[:, 1] - found.y[0]) / (found.y[-1] - found.y[0])) * (side - 1)
    for left, top, truth in zip(x, y, found.truths, strict=True):
        colour = tuple(int(part) for part in COLOURS[int(truth) % len(COLOURS)])
        pen.ellipse((left - 4, top - 4, left + 4, top + 4), fill=colour, outline="white")
    return np.asarray(image)
