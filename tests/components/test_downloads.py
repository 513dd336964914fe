"""The route that hands out exports: whole, in parts, to those who know the name, to no one else."""

from __future__ import annotations

import asyncio
import hashlib
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from streamlit import config

from components.downloads import GONE, download_route
from designer.engine.export_records import READY, ExportRecord, new_token

CONTENT = bytes(range(256)) * 2000


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ExportRecord:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path))
    return kept("digits é-saved_model.zip")


def kept(name: str) -> ExportRecord:
    record = ExportRecord(
        new_token(), "?", "Digits", name, {}, time.time(), ("ann",), READY, time.time(),
        {"bytes": len(CONTENT)}, f"made-1/{name}",
    )  # fmt: skip
    record.path.parent.mkdir(parents=True)
    record.path.write_bytes(CONTENT)
    record.save()
    return record


def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask the route as a server does; return status, headers and what came."""
    from urllib.parse import unquote

    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        said.append(dict(message))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(name.replace("_", "-").encode(), v.encode()) for name, v in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    asyncio.run(Starlette(routes=[download_route()])(scope, receive, send))  # type: ignore[arg-type]
    told = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], told, b"".join(one.get("body", b"") for one in said[1:])


def test_a_file_comes_whole_under_its_name(record: ExportRecord) -> None:
    status, headers, body = ask(f"/downloads/{record.token}/x.zip")
    assert (status, body) == (200, CONTENT)
    assert headers["content-length"] == str(len(CONTENT))
    assert headers["content-type"] == "application/zip"
    name = "attachment; filename*=utf-8''digits%20%C3%A9-saved_model.zip"
    assert headers["content-disposition"] == name
    assert headers["cache-control"] == "no-store"
    assert headers["accept-ranges"] == "bytes"
    status, headers, body = ask(f"/downloads/{record.token}/x.zip", "HEAD")
    assert (status, body, headers["content-length"]) == (200, b"", str(len(CONTENT)))


def test_a_lost_connection_goes_on_where_it_was(record: ExportRecord) -> None:
    half = 300_001
    status, headers, rest = ask(f"/downloads/{record.token}/x.zip", range=f"bytes={half}-")
    assert status == 206
    assert headers["content-range"] == f"bytes {half}-{len(CONTENT) - 1}/{len(CONTENT)}"
    whole = hashlib.sha256(CONTENT[:half] + rest).digest()
    assert whole == hashlib.sha256(CONTENT).digest()
    # Another file by that name since is not put together with the first half of the old one.
    status, _, body = ask(
        f"/downloads/{record.token}/x.zip", range=f"bytes={half}-", if_range='"another"'
    )
    assert (status, len(body)) == (200, len(CONTENT))


@pytest.mark.parametrize(
    "token", ["0" * 32, "..", "..%2F..", "%2e%2e", "x", "F" * 32, "about.json", "%00" * 32]
)
def test_a_name_that_is_none_is_told_so(record: ExportRecord, token: str) -> None:
    status, _, body = ask(f"/downloads/{token}/x.zip")
    assert status == 404
    assert body.decode() in (GONE, "Not Found")


def test_what_is_not_ready_or_gone_is_not_handed_out(record: ExportRecord) -> None:
    record.path.unlink()
    assert ask(f"/downloads/{record.token}/x.zip")[0] == 404


def test_the_rest_of_its_folder_cannot_be_fetched(record: ExportRecord) -> None:
    status, _, body = ask(f"/downloads/{record.token}/about.json")
    assert (status, body) == (200, CONTENT), "the name at the end is only for the eye"
    assert ask(f"/downloads/{record.token}/made-1/x.zip")[0] == 404


def test_a_server_with_a_path_of_its_own_has_it_there(
    record: ExportRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "get_option", lambda name: "/school/models/")
    assert ask(f"/school/models/downloads/{record.token}/x.zip")[0] == 200
    assert ask(f"/downloads/{record.token}/x.zip")[0] == 404
