"""Pictures of messages over HTTP, out of the store; for places without a server of their own for them.

A name says what the bytes are, so every cache may keep them for ever. Nothing but assets can be asked
for: a name that is none never reaches the store.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from handbill.store.assets import is_asset_name, media_type, read_asset
from handbill.store.errors import StoreError
from handbill.store.store import Store
from handbill_runtime.link_pages import NOT_FOUND, OWN_PAGE, page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

log = logging.getLogger("handbill.links")
YEAR = 365 * 24 * 3600
HEADERS = {
    "Cache-Control": f"public, max-age={YEAR}, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def asset_routes(store: Store) -> list[Route]:
    """`/assets/NAME`: 200 with the picture, 304 for who has it, 404 else."""
    from starlette.responses import HTMLResponse, Response
    from starlette.routing import Route

    def respond(request: Request) -> Response:
        name = str(request.path_params["name"])
        headers = {**HEADERS, "ETag": f'"{name}"'}
        if is_asset_name(name) and request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        data = _read(store, name) if is_asset_name(name) else None
        if data is None:
            return HTMLResponse(page(NOT_FOUND, title="Not found"), 404, OWN_PAGE)
        return Response(data, 200, headers, media_type(name))

    return [Route("/assets/{name}", respond)]


def _read(store: Store, name: str) -> bytes | None:
    try:
        return read_asset(store, name)
    except StoreError as error:
        log.error("%s: %s", error.code, error.message)
        return None
