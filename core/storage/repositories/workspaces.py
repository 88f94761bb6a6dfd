"""Which workspaces are there, and who belongs to them?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, time

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.domain.workspaces import Locale, Member, Permission, Quiet, Workspace
from core.storage.base import new_id
from core.storage.repositories.joined import Part
from core.storage.repositories.merging import move_everything
from core.storage.sealing import Place, Sealer
from core.storage.tables.workspaces import AccountRow, BindingRow, MemberRow, WorkspaceRow


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
            newcomers=int(workspace.newcomers),
            created_at=created_at,
        )
        self._session.add(row)
        self._session.flush()
        return replace(workspace, id=row.id)

    def all(self) -> tuple[Workspace, ...]:
        """Every workspace, the oldest first."""
        return tuple(workspace_of(row) for row in self._session.scalars(select(WorkspaceRow).order_by(WorkspaceRow.id)))

    def get(self, workspace: int) -> Workspace:
        """One workspace. Raises LookupError."""
        row = self._session.get(WorkspaceRow, workspace)
        if row is None:
            raise LookupError(f"workspace {workspace}")
        return workspace_of(row)

    def named(self, name: str) -> Workspace | None:
        """The workspace of that name."""
        row = self._session.scalar(select(WorkspaceRow).where(WorkspaceRow.name == name))
        return None if row is None else workspace_of(row)

    def save(self, workspace: Workspace) -> None:
        """Keeps changed settings, the clock of a demo workspace among them."""
        row = self._session.get_one(WorkspaceRow, workspace.id)
        row.name, row.locale, row.timezone = workspace.name, workspace.locale, workspace.timezone
        row.currency, row.calendar = workspace.currency, workspace.calendar
        row.frozen_at, row.opened_on, row.newcomers = workspace.frozen_at, workspace.opened_on, int(workspace.newcomers)

    def queue_up(self, workspace: int) -> None:
        """Waits until no other writer of the workspace who queued up is at work: for what must look before it writes."""
        queue_up(self._session, workspace)

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
        row.quiet_from = None if member.quiet is None else f"{member.quiet.since:%H:%M}"
        row.quiet_to = None if member.quiet is None else f"{member.quiet.until:%H:%M}"

    def by_account(self, binding: int, external_id: str) -> Member | None:
        """The person behind a platform's account."""
        joined = select(MemberRow).join(AccountRow, AccountRow.member_id == MemberRow.id)
        row = self._session.scalar(joined.where(AccountRow.binding_id == binding, AccountRow.external_id == external_id))
        return None if row is None else self._member(row)

    def merge(self, workspace: int, kept: Member, gone: Member) -> None:
        """Makes two members the one person that they are: everything of the second is the first's from now on.

        Keeps the first as given, with name and handle; a handle that was the second's is exchanged for theirs.
        """
        move_everything(self._session, workspace, gone.id, kept.id)
        self.save(workspace, kept)
        row, emptied = self._session.get_one(MemberRow, kept.id), self._session.get_one(MemberRow, gone.id)
        row.name = self._sealer.seal(kept.name.encode(), _name_place(kept.id))
        emptied.active, emptied.merged_into = False, kept.id
        if kept.handle != row.handle:
            self._exchange_handles(row, emptied)

    def _exchange_handles(self, one: MemberRow, other: MemberRow) -> None:
        """No two may have the same, so that one goes without for a moment."""
        wanted, freed = other.handle, one.handle
        for row, handle in ((other, f"{wanted} {other.id}"), (one, wanted), (other, freed)):
            row.handle = handle
            self._session.flush()

    def link(self, workspace: int, member: int, binding: int, external_id: str) -> None:
        """Says that the account on the binding is this person."""
        self._session.add(AccountRow(binding_id=binding, external_id=external_id, workspace_id=workspace, member_id=member))
        self._session.flush()

    def account(self, binding: int, member: int) -> str | None:
        """The member's account on the binding; that of the one they were merged into, where they were."""
        return self.accounts(binding, (member,)).get(member)

    def accounts(self, binding: int, members: Collection[int]) -> dict[int, str]:
        """The accounts on the binding of those of the members who have one, by member."""
        same = func.coalesce(MemberRow.merged_into, MemberRow.id) == AccountRow.member_id
        found = select(MemberRow.id, AccountRow.external_id).join(AccountRow, same)
        there = found.where(AccountRow.binding_id == binding, MemberRow.id.in_(members)).order_by(AccountRow.external_id.desc())
        return {row.id: row.external_id for row in self._session.execute(there)}

    def account_names(self, member: int) -> tuple[str, ...]:
        """What the platforms call the member's accounts."""
        return tuple(self._session.scalars(select(AccountRow.external_id).where(AccountRow.member_id == member)))

    def bindings(self, member: int) -> frozenset[int]:
        """On which bindings the member has an account."""
        return frozenset(self._session.scalars(select(AccountRow.binding_id).where(AccountRow.member_id == member)))

    def presences(self, workspace: int) -> dict[int, tuple[str, ...]]:
        """On which platforms each member has an account, in the order in which the workspace came to them."""
        joined = select(AccountRow.member_id, BindingRow.platform).join(BindingRow, BindingRow.id == AccountRow.binding_id)
        found: dict[int, dict[str, None]] = {}
        for row in self._session.execute(joined.where(AccountRow.workspace_id == workspace).order_by(BindingRow.id)):
            found.setdefault(row.member_id, {})[row.platform] = None
        return {member: tuple(platforms) for member, platforms in found.items()}

    def _member(self, row: MemberRow) -> Member:
        return member_of(row, self._sealer)


def member_of(row: MemberRow | Part, sealer: Sealer) -> Member:
    """A row as the person whom it keeps."""
    return Member(
        id=row.id,
        name=sealer.open(row.name, _name_place(row.id)).decode(),
        permission=Permission(row.permission),
        title=row.title,
        handle=row.handle,
        locale=Locale(row.locale) if row.locale else None,
        timezone=row.timezone,
        active=row.active,
        merged_into=row.merged_into,
        quiet=Quiet(time.fromisoformat(row.quiet_from), time.fromisoformat(row.quiet_to)) if row.quiet_from and row.quiet_to else None,
    )


def _name_place(member: int) -> Place:
    return Place("members", str(member), "name")


def queue_up(session: Session, workspace: int) -> None:
    """Writers of one workspace take turns here until they commit.

    The weaker lock leaves alone those who only refer to the row; SQLite has one writer at a time anyway.
    """
    session.execute(select(WorkspaceRow.id).where(WorkspaceRow.id == workspace).with_for_update(key_share=True))


def workspace_of(row: WorkspaceRow | Part) -> Workspace:
    """A row as the workspace that it keeps."""
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
        newcomers=Permission(row.newcomers),
    )
