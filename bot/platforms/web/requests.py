"""What does a request say about the page that it wants, apart from who looks?"""

from __future__ import annotations

from starlette.requests import HTTPConnection

from bot.platforms.web.viewer import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, chosen_locale
from core.domain.workspaces import Locale

MOST_DIGITS = 18


def page_locale(request: HTTPConnection) -> Locale:
    """The language where no member's is known: the chosen one, else what the browser asks for."""
    accepted = request.headers.get("accept-language", "").lower()
    return chosen_locale(request.cookies.get(LANGUAGE_COOKIE)) or (Locale.ZH if accepted.startswith("zh") else Locale.EN)


def page_theme(request: HTTPConnection) -> str:
    """Light, dark, or as the system says."""
    chosen = request.cookies.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def whole(written: str) -> int | None:
    """A number as an address or a form has it, if it is one that a database can hold."""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS else None
