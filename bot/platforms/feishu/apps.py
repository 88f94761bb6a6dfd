"""Which Feishu apps does this house answer for? Each belongs to one tenant and one binding, and has secrets of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.platforms.seams import Keys, Ties

PLATFORM = "feishu"


@dataclass(frozen=True, slots=True)
class App:
    """One app with its secrets, which never show. Without an encrypt key it takes no webhooks."""

    binding: int
    id: str
    secret: str = field(repr=False)
    encrypt_key: str = field(default="", repr=False)
    verification_token: str = field(default="", repr=False)


def app_of(keys: Keys) -> App:
    """The app that a binding's secrets describe."""
    secrets = keys.secrets
    return App(
        binding=keys.binding,
        id=keys.tenant,
        secret=secrets.get("app_secret", ""),
        encrypt_key=secrets.get("encrypt_key", ""),
        verification_token=secrets.get("verification_token", ""),
    )


class Apps:
    """The apps as they were when they were last looked at: the edge asks on every request, and must not wait for a database."""

    def __init__(self, ties: Ties) -> None:
        self._ties = ties
        self._known: dict[str, App] = {}

    def refresh(self) -> None:
        """Looks at the bindings."""
        self._known = {app.id: app for app in map(app_of, self._ties.every(PLATFORM))}

    def all(self) -> tuple[App, ...]:
        """Every app."""
        return tuple(self._known.values())

    def get(self, app_id: str) -> App | None:
        """The app of that id."""
        return self._known.get(app_id)

    def bound(self, binding: int) -> App:
        """The app of a binding, looked up afresh. Raises SendError (BAD_CREDENTIALS)."""
        return app_of(self._ties.keys(binding))
