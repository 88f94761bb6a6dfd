"""How do style, script and the Chinese font reach the browser? Under an address with their version, to be kept for a year."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.platforms.web.shell import STATIC

FOREVER = "public, max-age=31536000, immutable"


def static_routes(version: str) -> Mount:
    """Everything under /static/VERSION/."""
    return Mount(f"/static/{version}", routes=[Route("/noto-sans-sc.otf", _font), Mount("/", _Kept(directory=STATIC))])


class _Kept(StaticFiles):
    """Files that never change under their address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOREVER
        return response


async def _font(_request: Request) -> Response:
    """Noto Sans SC, for machines without a Chinese font; browsers ask for it only when they meet a character that they lack."""
    found = _font_path()
    return Response(status_code=404) if found is None else FileResponse(found, media_type="font/otf", headers={"Cache-Control": FOREVER})


def _font_path() -> Path | None:
    if find_spec("pylopdf_fonts_zh_cn") is None:
        return None
    from pylopdf_fonts_zh_cn import sans_path

    return sans_path()
