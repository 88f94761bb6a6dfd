"""On which platforms is a workspace present, which conversations are known there, and who acts where?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, and_, bindparam, select, update
from sqlalchemy.orm import Session

from core.domain.workspaces import Binding, Channel, Locale, Presence
from core.storage.base import table_of
from core.storage.repositories.joined import Part, Parts
from core.storage.repositories.workspaces import member_of, workspace_of
from core.storage.sealing import Sealer
from core.storage.tables.workspaces import AccountRow, BindingRow, ChannelRow, MemberRow, WorkspaceRow
from core.storage.transaction import Transaction
from core.storage.upsert import insert_new

ON, OFF = "on", "off"


# One statement for every act, made once and of tables alone: by rows of the session it would take three times as long.
_BINDINGS, _WORKSPACES, _ACCOUNTS = table_of(BindingRow), table_of(WorkspaceRow), table_of(AccountRow)
_MEMBERS, _CHANNELS = table_of(MemberRow), table_of(ChannelRow)
_PRESENCE: Select[*tuple[Any, ...]] = (
    select(_BINDINGS, _WORKSPACES, _MEMBERS, _CHANNELS)
    .select_from(_BINDINGS)
    .join(_WORKSPACES, _WORKSPACES.c.id == _BINDINGS.c.workspace_id)
    .outerjoin(_ACCOUNTS, and_(_ACCOUNTS.c.binding_id == _BINDINGS.c.id, _ACCOUNTS.c.external_id == bindparam("actor")))
    .outerjoin(_MEMBERS, _MEMBERS.c.id == _ACCOUNTS.c.member_id)
    .outerjoin(_CHANNELS, and_(_CHANNELS.c.binding_id == _BINDINGS.c.id, _CHANNELS.c.external_id == bindparam("conversation")))
    .where(_BINDINGS.c.platform == bindparam("platform"), _BINDINGS.c.tenant == bindparam("tenant"), _BINDINGS.c.state == ON)
)
_PARTS = Parts(_BINDINGS, _WORKSPACES, _MEMBERS, _CHANNELS)


class Places:
    """Bindings to platforms, and the channels on them."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    @property
    def _session(self) -> Session:
        return self._transaction.session

    def presence(self, platform: str, tenant: str, actor: str, conversation: str) -> Presence | None:
        """Who acts where, in one query; None for a team that is not bound, or no longer."""
        named = {"platform": platform, "tenant": tenant, "actor": actor, "conversation": conversation}
        row = self._transaction.connection.execute(_PRESENCE, named).one_or_none()
        if row is None:
            return None
        binding, workspace, member, channel = _PARTS(row)
        return Presence(
            binding=binding_of(binding),
            workspace=workspace_of(workspace),
            member=None if member.id is None else member_of(member, self._sealer),
            channel=None if channel.id is None else _channel(channel),
        )

    def bind(self, workspace: int, platform: str, tenant: str) -> int:
        """Binds the workspace to a platform's tenant, unless somebody was first, and returns the binding's id."""
        new = insert_new(self._session, BindingRow).values(workspace_id=workspace, platform=platform, tenant=tenant)
        self._session.execute(new.on_conflict_do_nothing(index_elements=["platform", "tenant"]))
        found = self.binding(platform, tenant)
        if found is None:
            raise LookupError(f"tenant {tenant}")
        return found[0]

    def bindings(self, platform: str | None = None) -> tuple[Binding, ...]:
        """Every binding, or those on one platform, the oldest first; those that are off too."""
        chosen = select(BindingRow) if platform is None else select(BindingRow).where(BindingRow.platform == platform)
        return tuple(binding_of(row) for row in self._session.scalars(chosen.order_by(BindingRow.id)))

    def binding(self, platform: str, tenant: str) -> tuple[int, int] | None:
        """The ids of the binding and of its workspace."""
        found = select(BindingRow.id, BindingRow.workspace_id).where(BindingRow.platform == platform, BindingRow.tenant == tenant)
        row = self._session.execute(found).one_or_none()
        return None if row is None else (row.id, row.workspace_id)

    def found(self, binding: int) -> Binding:
        """One binding. Raises LookupError."""
        row = self._session.scalar(select(BindingRow).where(BindingRow.id == binding))
        if row is None:
            raise LookupError(f"binding {binding}")
        return binding_of(row)

    def switch(self, binding: int, on: bool) -> None:
        """Says that the house is welcome there, or no longer."""
        self._session.execute(update(BindingRow).where(BindingRow.id == binding).values(state=ON if on else OFF))

    def platform(self, binding: int) -> str:
        """Which platform a binding is on. Raises LookupError."""
        return self.found(binding).platform

    def workspace(self, binding: int) -> int:
        """Whose binding it is. Raises LookupError."""
        return self.found(binding).workspace

    def add_channel(self, workspace: int, channel: Channel) -> Channel:
        """Keeps a new channel (the `id` is ignored) and returns it with its id."""
        row = ChannelRow(
            workspace_id=workspace,
            binding_id=channel.binding,
            external_id=channel.external_id,
            name=channel.name,
            locale=channel.locale,
            direct_to=channel.direct_to,
        )
        self._session.add(row)
        self._session.flush()
        return replace(channel, id=row.id)

    def ensure_channel(self, workspace: int, channel: Channel) -> Channel:
        """The channel that stands under the name on its binding; the given one (its `id` is ignored) where there was none, whoever came first."""
        values = {
            "workspace_id": workspace,
            "binding_id": channel.binding,
            "external_id": channel.external_id,
            "name": channel.name,
            "locale": channel.locale,
            "direct_to": channel.direct_to,
        }
        new = insert_new(self._session, ChannelRow).values(values)
        self._session.execute(new.on_conflict_do_nothing(index_elements=["binding_id", "external_id"]))
        found = self.channel(channel.binding, channel.external_id)
        if found is None:
            raise LookupError(f"channel {channel.external_id}")
        return found

    def save_channel(self, channel: Channel) -> None:
        """Keeps a channel's changed name, language and member, and whether the bot is there."""
        changed = {"name": channel.name, "locale": channel.locale, "direct_to": channel.direct_to, "gone": channel.gone}
        self._session.execute(update(ChannelRow).where(ChannelRow.id == channel.id).values(changed))

    def channels(self, workspace: int) -> tuple[Channel, ...]:
        """Every channel of the workspace, in the order in which they came."""
        rows = self._session.scalars(select(ChannelRow).where(ChannelRow.workspace_id == workspace).order_by(ChannelRow.id))
        return tuple(_channel(row) for row in rows)

    def channel(self, binding: int, external_id: str) -> Channel | None:
        """The channel that the platform calls so."""
        row = self._session.scalar(select(ChannelRow).where(ChannelRow.binding_id == binding, ChannelRow.external_id == external_id))
        return None if row is None else _channel(row)

    def known(self, channel: int) -> Channel:
        """One channel. Raises LookupError."""
        row = self._session.scalar(select(ChannelRow).where(ChannelRow.id == channel))
        if row is None:
            raise LookupError(f"channel {channel}")
        return _channel(row)

    def all_known(self, channels: Collection[int]) -> dict[int, Channel]:
        """Those channels, by their ids."""
        rows = self._session.scalars(select(ChannelRow).where(ChannelRow.id.in_(channels)))
        return {row.id: _channel(row) for row in rows}

    def externals(self, binding: int, channels: Collection[int]) -> dict[int, str]:
        """What the platform calls those of the channels that are on the binding, by their ids."""
        found = select(ChannelRow.id, ChannelRow.external_id).where(ChannelRow.binding_id == binding, ChannelRow.id.in_(channels))
        return {row.id: row.external_id for row in self._session.execute(found)}

    def direct(self, platform: str, member: int) -> Channel | None:
        """The member's direct conversation with the bot on a platform, the first one."""
        theirs = select(ChannelRow).join(BindingRow, BindingRow.id == ChannelRow.binding_id)
        chosen = theirs.where(BindingRow.platform == platform, ChannelRow.direct_to == member).order_by(ChannelRow.id)
        row = self._session.scalars(chosen).first()
        return None if row is None else _channel(row)


def binding_of(row: BindingRow | Part) -> Binding:
    """A row as the binding that it keeps."""
    return Binding(row.id, row.workspace_id, row.platform, row.tenant, row.state == ON)


def _channel(row: ChannelRow | Part) -> Channel:
    return Channel(
        id=row.id,
        binding=row.binding_id,
        external_id=row.external_id,
        name=row.name,
        locale=Locale(row.locale) if row.locale else None,
        direct_to=row.direct_to,
        gone=row.gone,
    )
