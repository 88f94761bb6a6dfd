"""Where may a link lead? To the web and nowhere else, on every platform."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_web(url: str) -> bool:
    """Whether the address is one of http or https."""
    try:
        return urlsplit(url.strip()).scheme in {"http", "https"}
    except ValueError:
        return False
