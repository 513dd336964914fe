"""The way a made export takes to a person: a route of the server's own, straight from the disk.

``st.download_button`` holds a whole file in the memory of the pages, and Streamlit's static files
end at 200 MB. Here a file of any size is read a few kilobytes at a time; the browser saves it as
it comes, shows how far it is, and goes on where a lost connection left it.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from streamlit import config

from components.assets import register
from designer.engine.export_records import ExportRecord, read_record

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

_FOLDER = "downloads"
GONE = (
    "This export is not kept any more: it is older than a day, or has made room for newer ones."
    " Prepare it again on the Export page."
)
_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    # Packed already, for the most part; packed again it would have no length, and no second half.
    "content-encoding": "identity",
}


def download_route() -> Route:
    """Return the route that hands out exports to those who know their names."""
    from starlette.routing import Route

    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    path = "/".join(["", *([base] if base else []), _FOLDER, "{token}", "{name}"])
    return Route(path, hand_out, methods=["GET"])


async def hand_out(request: Request) -> Response:
    """Answer a browser that asks for a file, or for a part of it."""
    from anyio import to_thread
    from starlette.responses import FileResponse, PlainTextResponse

    params = request.path_params
    record = await to_thread.run_sync(read_record, params["token"])
    if record is None or not record.is_there:
        return PlainTextResponse(GONE, 404, _HEADERS)
    name = _name(record)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(record.path, headers=_HEADERS, media_type=kind, filename=name)


def _name(record: ExportRecord) -> str:
    return Path(record.file).name


_mount = register("download")


def download_link(record: ExportRecord, label: str, *, key: str, primary: bool = True) -> None:
    """Show the button that fetches an export.

    Args:
        record: a ready export.
        label: what is on the button.
        key: of this place.
        primary: whether it is what a person came for.
    """
    _mount(
        data={
            "label": label,
            "name": _name(record),
            "path": f"{_FOLDER}/{record.token}/{quote(_name(record))}",
            "gone": GONE,
            "primary": primary,
        },
        key=key,
        width="content",
    )
