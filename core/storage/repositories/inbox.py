"""Was this request answered before, and how?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core.storage.sealing import Place, Sealer
from core.storage.tables.inbox import InboxRow
from core.storage.upsert import insert_new


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What a platform calls one act of one person: the same when it delivers the act twice."""

    platform: str
    tenant: str
    key: str


class Inbox:
    """Requests that changed something, with their answers."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

    def claim(self, workspace: int, request: RequestKey, at: datetime) -> bool:
        """Takes a new request in this transaction, which must settle it or be undone. False when it is answered already.

        Whoever comes second, in another thread or replica, waits here until the first has committed or given up.
        """
        values = {
            "platform": request.platform,
            "tenant": request.tenant,
            "request_key": request.key,
            "workspace_id": workspace,
            "answer": b"",
            "received_at": at,
        }
        new = insert_new(self._session, InboxRow).values(values).on_conflict_do_nothing().returning(InboxRow.request_key)
        return self._session.scalar(new) is not None

    def settle(self, request: RequestKey, answer: bytes) -> None:
        """Keeps the answer of a claimed request."""
        self._session.execute(update(InboxRow).where(*_is(request)).values(answer=self._sealer.seal(answer, _place(request))))

    def answer(self, request: RequestKey) -> bytes:
        """The answer of a request that is answered already. Raises LookupError."""
        sealed = self._session.scalar(select(InboxRow.answer).where(*_is(request)))
        if sealed is None:
            raise LookupError(f"request {request.key}")
        return self._sealer.open(sealed, _place(request))


def _is(request: RequestKey) -> tuple[ColumnElement[bool], ...]:
    return (InboxRow.platform == request.platform, InboxRow.tenant == request.tenant, InboxRow.request_key == request.key)


def _place(request: RequestKey) -> Place:
    return Place("inbox", f"{request.platform}/{request.tenant}/{request.key}", "answer")
