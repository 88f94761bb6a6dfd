"""How do templates become pages? With every value escaped, words from the catalogues, and static files under an address that changes with them."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from core.domain.workspaces import Locale
from core.i18n.texts import text

HERE = Path(__file__).parent
STATIC = HERE / "static"


class Shell:
    """The templates of the playground."""

    def __init__(self) -> None:
        self.version = _version()
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.globals["static"] = f"/static/{self.version}"

    def html(self, name: str, locale: Locale, **values: object) -> str:
        """A template's HTML. `t` in it says a text of the area `web`."""
        say = partial(_say, locale)
        return self._templates.get_template(name).render(t=say, locale=locale.value, **values)

    def page(self, name: str, locale: Locale, status: int = 200, **values: object) -> HTMLResponse:
        """A whole page."""
        return HTMLResponse(self.html(name, locale, **{"theme": "auto", **values}), status)


def _say(locale: Locale, key: str, /, **args: object) -> str:
    return text(locale, f"web.{key}", **args)


def _version() -> str:
    """The same as long as no static file changes."""
    found = sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()[:12]
