"""Which workspaces, people and places are known?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.domain.workspaces import Channel, Locale, Member, Permission, Workspace
from core.storage.base import new_id
from core.storage.sealing import Place, Sealer
from core.storage.tables.workspaces import AccountRow, BindingRow, ChannelRow, MemberRow, WorkspaceRow


class Workspaces:
    """The teams."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, workspace: Workspace, created_at: datetime) -> Workspace:
        """Keeps a new workspace (its `id` is ignored) and returns it with its id."""
        row = WorkspaceRow(
            name=workspace.name,
            locale=workspace.locale,
            timezone=workspace.timezone,
            currency=workspace.currency,
            calendar=workspace.calendar,
            demo=workspace.demo,
            frozen_at=workspace.frozen_at,
            opened_on=workspace.opened_on,
            created_at=created_at,
        )
        self._session.add(row)
        self._session.flush()
        return replace(workspace, id=row.id)

    def all(self) -> tuple[Workspace, ...]:
        """Every workspace, the oldest first."""
        return tuple(_workspace(row) for row in self._session.scalars(select(WorkspaceRow).order_by(WorkspaceRow.id)))

    def get(self, workspace: int) -> Workspace:
        """One workspace. Raises LookupError."""
        row = self._session.get(WorkspaceRow, workspace)
        if row is None:
            raise LookupError(f"workspace {workspace}")
        return _workspace(row)

    def named(self, name: str) -> Workspace | None:
        """The workspace of that name."""
        row = self._session.scalar(select(WorkspaceRow).where(WorkspaceRow.name == name))
        return None if row is None else _workspace(row)

    def save(self, workspace: Workspace) -> None:
        """Keeps changed settings, the clock of a demo workspace among them."""
        row = self._session.get_one(WorkspaceRow, workspace.id)
        row.name, row.locale, row.timezone = workspace.name, workspace.locale, workspace.timezone
        row.currency, row.calendar = workspace.currency, workspace.calendar
        row.frozen_at, row.opened_on = workspace.frozen_at, workspace.opened_on

    def owner(self, workspace: int) -> int | None:
        """The member id of the owner."""
        return self._session.scalar(select(WorkspaceRow.owner_id).where(WorkspaceRow.id == workspace))

    def set_owner(self, workspace: int, member: int) -> None:
        """Makes the member the owner."""
        self._session.execute(update(WorkspaceRow).where(WorkspaceRow.id == workspace).values(owner_id=member))


class Members:
    """The people; their names are sealed at rest."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

    def add(self, workspace: int, member: Member) -> Member:
        """Keeps a new person (the `id` is ignored) and returns them with their id."""
        kept = replace(member, id=new_id())
        self._session.add(
            MemberRow(
                id=kept.id,
                workspace_id=workspace,
                name=self._sealer.seal(kept.name.encode(), _name_place(kept.id)),
                title=kept.title,
                handle=kept.handle,
                permission=int(kept.permission),
                locale=kept.locale,
                timezone=kept.timezone,
                active=kept.active,
            )
        )
        self._session.flush()
        return kept

    def all(self, workspace: int) -> tuple[Member, ...]:
        """Everyone of the workspace, by handle."""
        rows = self._session.scalars(select(MemberRow).where(MemberRow.workspace_id == workspace).order_by(MemberRow.handle))
        return tuple(self._member(row) for row in rows)

    def get(self, workspace: int, member: int) -> Member:
        """One person. Raises LookupError, also for a person of another workspace."""
        row = self._session.scalar(select(MemberRow).where(MemberRow.workspace_id == workspace, MemberRow.id == member))
        if row is None:
            raise LookupError(f"member {member}")
        return self._member(row)

    def save(self, workspace: int, member: Member) -> None:
        """Keeps a person's changed settings."""
        row = self._session.get_one(MemberRow, member.id)
        row.permission, row.locale, row.timezone = int(member.permission), member.locale, member.timezone
        row.active, row.title = member.active, member.title

    def by_account(self, binding: int, external_id: str) -> Member | None:
        """The person behind a platform's account."""
        joined = select(MemberRow).join(AccountRow, AccountRow.member_id == MemberRow.id)
        row = self._session.scalar(joined.where(AccountRow.binding_id == binding, AccountRow.external_id == external_id))
        return None if row is None else self._member(row)

    def link(self, workspace: int, member: int, binding: int, external_id: str) -> None:
        """Says that the account on the binding is this person."""
        self._session.add(AccountRow(binding_id=binding, external_id=external_id, workspace_id=workspace, member_id=member))
        self._session.flush()

    def _member(self, row: MemberRow) -> Member:
        return Member(
            id=row.id,
            name=self._sealer.open(row.name, _name_place(row.id)).decode(),
            permission=Permission(row.permission),
            title=row.title,
            handle=row.handle,
            locale=Locale(row.locale) if row.locale else None,
            timezone=row.timezone,
            active=row.active,
        )


class Places:
    """Bindings to platforms, and the channels on them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def bind(self, workspace: int, platform: str, tenant: str) -> int:
        """Binds the workspace to a platform's tenant and returns the binding's id."""
        row = BindingRow(workspace_id=workspace, platform=platform, tenant=tenant)
        self._session.add(row)
        self._session.flush()
        return row.id

    def binding(self, platform: str, tenant: str) -> tuple[int, int] | None:
        """The ids of the binding and of its workspace."""
        found = select(BindingRow.id, BindingRow.workspace_id).where(BindingRow.platform == platform, BindingRow.tenant == tenant)
        row = self._session.execute(found).one_or_none()
        return None if row is None else (row.id, row.workspace_id)

    def platform(self, binding: int) -> str:
        """Which platform a binding is on. Raises LookupError."""
        name = self._session.scalar(select(BindingRow.platform).where(BindingRow.id == binding))
        if name is None:
            raise LookupError(f"binding {binding}")
        return name

    def workspace(self, binding: int) -> int:
        """Whose binding it is. Raises LookupError."""
        workspace = self._session.scalar(select(BindingRow.workspace_id).where(BindingRow.id == binding))
        if workspace is None:
            raise LookupError(f"binding {binding}")
        return workspace

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

    def channels(self, workspace: int) -> tuple[Channel, ...]:
        """Every channel of the workspace, in the order in which they came."""
        rows = self._session.scalars(select(ChannelRow).where(ChannelRow.workspace_id == workspace).order_by(ChannelRow.id))
        return tuple(_channel(row) for row in rows)

    def channel(self, binding: int, external_id: str) -> Channel | None:
        """The channel that the platform calls so."""
        row = self._session.scalar(select(ChannelRow).where(ChannelRow.binding_id == binding, ChannelRow.external_id == external_id))
        return None if row is None else _channel(row)

    def direct(self, platform: str, member: int) -> Channel | None:
        """The member's direct conversation with the bot on a platform, the first one."""
        theirs = select(ChannelRow).join(BindingRow, BindingRow.id == ChannelRow.binding_id)
        chosen = theirs.where(BindingRow.platform == platform, ChannelRow.direct_to == member).order_by(ChannelRow.id)
        row = self._session.scalars(chosen).first()
        return None if row is None else _channel(row)


def _name_place(member: int) -> Place:
    return Place("members", str(member), "name")


def _workspace(row: WorkspaceRow) -> Workspace:
    return Workspace(
        id=row.id,
        name=row.name,
        locale=Locale(row.locale),
        timezone=row.timezone,
        currency=row.currency,
        calendar=row.calendar,
        demo=row.demo,
        frozen_at=row.frozen_at,
        opened_on=row.opened_on,
    )


def _channel(row: ChannelRow) -> Channel:
    return Channel(
        id=row.id,
        binding=row.binding_id,
        external_id=row.external_id,
        name=row.name,
        locale=Locale(row.locale) if row.locale else None,
        direct_to=row.direct_to,
    )
