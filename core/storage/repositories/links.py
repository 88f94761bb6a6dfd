"""Which codes join accounts just now, and who typed wrong ones? Codes are kept as keyed hashes alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import digest

from sqlalchemy import ColumnElement, CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from core.storage.sealing import Sealer
from core.storage.tables.people import LinkCodeRow, LinkTryRow


@dataclass(frozen=True, slots=True)
class LinkCode:
    """Whose code it is, and whether it was used."""

    member: int
    used: bool


class Links:
    """Codes of ten minutes, and tries."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session = session
        self._key = sealer.derive("link code")

    def give(self, workspace: int, member: int, code: str, now: datetime, expires_at: datetime) -> None:
        """Keeps a new code of the member, in place of those before; codes whose time is over go."""
        stale = (LinkCodeRow.member_id == member, LinkCodeRow.expires_at <= now)
        for condition in stale:
            self._session.execute(delete(LinkCodeRow).where(LinkCodeRow.workspace_id == workspace, condition))
        row = LinkCodeRow(workspace_id=workspace, code_hash=self._hashed(workspace, code), member_id=member, expires_at=expires_at)
        self._session.add(row)
        self._session.flush()

    def find(self, workspace: int, code: str, now: datetime) -> LinkCode | None:
        """The code, while it holds."""
        row = self._session.execute(
            select(LinkCodeRow.member_id, LinkCodeRow.used_at).where(*self._is(workspace, code), LinkCodeRow.expires_at > now)
        ).one_or_none()
        return None if row is None else LinkCode(row.member_id, row.used_at is not None)

    def use(self, workspace: int, code: str, now: datetime) -> bool:
        """Uses the code up; False when somebody was faster."""
        result = self._session.execute(update(LinkCodeRow).where(*self._is(workspace, code), LinkCodeRow.used_at.is_(None)).values(used_at=now))
        assert isinstance(result, CursorResult)
        return result.rowcount == 1

    def missed(self, workspace: int, member: int, at: datetime) -> None:
        """Keeps note of a wrong code that the member typed."""
        self._session.add(LinkTryRow(workspace_id=workspace, member_id=member, tried_at=at))
        self._session.flush()

    def tries(self, member: int, since: datetime) -> int:
        """How many wrong codes the member typed since then; older ones are forgotten."""
        self._session.execute(delete(LinkTryRow).where(LinkTryRow.member_id == member, LinkTryRow.tried_at <= since))
        return self._session.scalar(select(func.count()).select_from(LinkTryRow).where(LinkTryRow.member_id == member)) or 0

    def _is(self, workspace: int, code: str) -> tuple[ColumnElement[bool], ...]:
        return (LinkCodeRow.workspace_id == workspace, LinkCodeRow.code_hash == self._hashed(workspace, code))

    def _hashed(self, workspace: int, code: str) -> str:
        return digest(self._key, f"{workspace}/{code}".encode(), sha256).hex()
