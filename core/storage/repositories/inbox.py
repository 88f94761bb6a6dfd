"""Was this request answered before, and how?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import AlreadyAnswered
from core.storage.sealing import Place, Sealer
from core.storage.tables.inbox import InboxRow


class Inbox:
    """Requests that changed something, with their answers."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

    def answer(self, platform: str, tenant: str, request_key: str) -> bytes | None:
        """The stored answer; None when the request is new."""
        row = self._session.get(InboxRow, (platform, tenant, request_key))
        return None if row is None else self._sealer.open(row.answer, _place(platform, tenant, request_key))

    def keep(self, workspace: int, platform: str, tenant: str, request_key: str, answer: bytes, at: datetime) -> None:
        """Keeps the answer; raises AlreadyAnswered when another replica was faster."""
        sealed = self._sealer.seal(answer, _place(platform, tenant, request_key))
        self._session.add(InboxRow(platform=platform, tenant=tenant, request_key=request_key, workspace_id=workspace, answer=sealed, received_at=at))
        try:
            self._session.flush()
        except IntegrityError as error:
            raise AlreadyAnswered(request_key) from error


def _place(platform: str, tenant: str, request_key: str) -> Place:
    return Place("inbox", f"{platform}/{tenant}/{request_key}", "answer")
