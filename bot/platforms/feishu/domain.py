"""Where are Feishu's addresses? In China, abroad as Lark, or at an address of one's own."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.platforms.loopback import is_loopback
from core.errors import ConfigurationError

DOMAINS = {"feishu": "https://open.feishu.cn", "lark": "https://open.larksuite.com"}


def domain_url(domain: str) -> str:
    """The address that FEISHU_DOMAIN stands for, without a slash at its end. Raises ConfigurationError."""
    url = DOMAINS.get(domain.strip().lower(), domain.strip()).rstrip("/")
    try:
        parsed = urlsplit(url)
        host, scheme = parsed.hostname or "", parsed.scheme
    except ValueError:
        host, scheme = "", ""
    if not host or scheme not in {"http", "https"}:
        raise ConfigurationError("FEISHU_DOMAIN must be feishu, lark, or an address that begins with https://.")
    if scheme == "http" and not is_loopback(host):
        raise ConfigurationError("FEISHU_DOMAIN may be http only on this machine: secrets would travel open. Use https.")
    return url


def is_local(url: str) -> bool:
    """Whether the address is this machine's, where no proxy stands between."""
    return is_loopback(urlsplit(url).hostname or "")
