"""With which secrets does the process speak on a platform, and what does that platform call people, channels and pictures?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.platforms.seams import Keys
from core.domain.workspaces import Binding, Credential
from core.errors import Reason, SendError, UserError
from core.messages.model import ChannelLink, Mention, Message
from core.messages.phrases import spoken
from core.ports import Clock
from core.storage.repositories.inbox import RequestKey
from core.storage.unit_of_work import Database

RENEWAL = timedelta(seconds=30)


class StoredTies:
    """`bot.platforms.seams.Ties` over the database. Secrets of the settings stay in memory; `home` says to which workspace their team belongs.

    Whether a binding is on is asked each time, of the settings' own teams too: another process may have let one go.
    """

    def __init__(self, database: Database, clock: Clock, home: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._own: dict[int, Keys] = {}
        self._expected: set[str] = set()

    def expect(self, platform: str) -> None:
        """The settings have secrets for the platform, whose team is not known yet."""
        self._expected.add(platform)

    @property
    def waits(self) -> bool:
        """Whether it is still unknown whose the settings' secrets are."""
        return bool(self._expected)

    def adopt(self, platform: str, tenant: str, secrets: Mapping[str, str]) -> None:
        with self._database.read() as uow:
            found = uow.places.binding(platform, tenant)
        # Who the home is has to be looked up too, and no thread takes two connections at once.
        workspace = self._home() if found is None else found[1]
        with self._database.write() as uow:
            binding = uow.places.bind(workspace, platform, tenant)
            uow.places.switch(binding, on=True)
            uow.commit()
        self._own[binding] = Keys(binding, tenant, secrets)
        self._expected.discard(platform)

    def forget(self, platform: str, tenant: str) -> None:
        """The team wants no more of the house: its binding is off, and what secrets of it were kept are deleted."""
        with self._database.write() as uow:
            bound = uow.places.binding(platform, tenant)
            if bound is not None:
                uow.places.switch(bound[0], on=False)
                uow.credentials.remove(bound[0])
                uow.commit()
        if bound is not None:
            self._own.pop(bound[0], None)

    def keys(self, binding: int) -> Keys:
        # Looked at first: a team that is adopted meanwhile has its secrets here before it is expected no more.
        expected, own = frozenset(self._expected), self._own.get(binding)
        with self._database.read() as uow:
            found, credential = uow.places.found(binding), uow.credentials.get(binding)
        if found.on and own is not None:
            return own
        if found.on and credential is None and found.platform in expected:
            raise SendError(Reason.UNREACHABLE, retryable=True)
        if not found.on or credential is None:
            raise SendError(Reason.BAD_CREDENTIALS, retryable=False)
        return _keys(found, credential)

    def keys_of(self, platform: str, tenant: str) -> Keys | None:
        with self._database.read() as uow:
            bound = uow.places.binding(platform, tenant)
            found = uow.places.found(bound[0]) if bound else None
            credential = uow.credentials.get(found.id) if found else None
        if found is None or not found.on:
            return None
        own = self._own.get(found.id)
        return own if own or credential is None else _keys(found, credential)

    def every(self, platform: str) -> tuple[Keys, ...]:
        with self._database.read() as uow:
            stored = {binding.id: _keys(binding, credential) for binding, credential in uow.credentials.all(platform)}
            mine = {binding.id for binding in uow.places.bindings(platform) if binding.on}
        own = {binding: keys for binding, keys in tuple(self._own.items()) if binding in mine}
        return tuple((stored | own).values())

    def install(self, platform: str, tenant: str, workspace: int, secrets: Mapping[str, str], expires_at: datetime | None) -> int:
        with self._database.write() as uow:
            binding = uow.places.bind(workspace, platform, tenant)
            if uow.places.found(binding).workspace != workspace:
                raise UserError("platforms.bound_elsewhere")
            uow.places.switch(binding, on=True)
            uow.credentials.put(binding, secrets, expires_at)
            uow.commit()
        return binding

    def first(self, platform: str, workspace: int, token: str) -> bool:
        shown = RequestKey(platform, "", token)
        with self._database.write() as uow:
            new = uow.inbox.claim(workspace, shown, self._clock.now())
            if new:
                uow.inbox.settle(shown, b"")
            uow.commit()
        return new

    def may_renew(self, keys: Keys, now: datetime) -> bool:
        with self._database.write() as uow:
            mine = uow.credentials.lease(keys.binding, keys.version, now, now + RENEWAL)
            uow.commit()
        return mine

    def renew(self, keys: Keys, secrets: Mapping[str, str], expires_at: datetime | None) -> None:
        with self._database.write() as uow:
            uow.credentials.renew(keys.binding, keys.version, secrets, expires_at)
            uow.commit()

    def account(self, binding: int, member: int) -> str | None:
        with self._database.read() as uow:
            return uow.members.account(binding, member)

    def refs(self, binding: int, message: Message) -> Mapping[str, str]:
        members, channels = _named(message)
        if not members and not channels:
            return {}
        with self._database.read() as uow:
            accounts, places = uow.members.accounts(binding, members), uow.places.externals(binding, channels)
        return {f"member:{member}": name for member, name in accounts.items()} | {f"channel:{channel}": name for channel, name in places.items()}

    def uploaded(self, binding: int, digest: str) -> str | None:
        with self._database.read() as uow:
            return uow.uploads.get(binding, digest)

    def keep_upload(self, binding: int, digest: str, key: str) -> None:
        with self._database.write() as uow:
            uow.uploads.put(binding, digest, key, self._clock.now())
            uow.commit()


def _keys(binding: Binding, credential: Credential) -> Keys:
    return Keys(binding.id, binding.tenant, credential.secrets, credential.expires_at, credential.version)


def _named(message: Message) -> tuple[set[int], set[int]]:
    """The members and the channels that the message names."""
    members, channels = set(), set()
    for piece in spoken(message):
        if isinstance(piece, Mention):
            members.add(piece.member)
        elif isinstance(piece, ChannelLink):
            channels.add(piece.channel)
    return members, channels
