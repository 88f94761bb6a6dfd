"""Where does the playground listen, whom does it let in, and how much does it take?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.platforms.loopback import LOOPBACK_NAMES, is_loopback
from bot.platforms.spreadsheets import LARGEST_FILE
from core.errors import ConfigurationError

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Settings of the playground. Raises ConfigurationError when it would be open to a network without a token.

    `hosts` are further names by which browsers may call it (a proxy's, a machine's). `poll_seconds` is how often the
    database is looked at for what another process posted; `upload_limit` is in bytes.
    """

    host: str = "127.0.0.1"
    hosts: tuple[str, ...] = ()
    token: str | None = None
    poll_seconds: float = 2.0
    upload_limit: int = LARGEST_FILE

    def __post_init__(self) -> None:
        open_names = [name for name in (self.host, *self.hosts) if not is_loopback(name)]
        if open_names and not self.token:
            raise ConfigurationError(f"The playground would be open on {open_names[0]}. Set a token, or listen on 127.0.0.1.")

    @property
    def body_limit(self) -> int:
        """The most bytes of one request: a file, and the form around it."""
        return self.upload_limit + MEBIBYTE

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The names that a Host header may carry, in lower case, without port."""
        return LOOPBACK_NAMES | {name.lower() for name in (self.host, *self.hosts)}
