"""Was this request answered before, and how?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select, update

from core.storage.base import table_of
from core.storage.sealing import Place, Sealer
from core.storage.tables.inbox import InboxRow
from core.storage.transaction import Transaction
from core.storage.upsert import inserting

INBOX = table_of(InboxRow)

_SAME = and_(INBOX.c.platform == bindparam("on"), INBOX.c.tenant == bindparam("of"), INBOX.c.request_key == bindparam("key"))
_ANSWER = select(INBOX.c.answer).where(_SAME)
_SETTLING = update(INBOX).where(_SAME).values(answer=bindparam("sealed"))


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What a platform calls one act of one person: the same when it delivers the act twice."""

    platform: str
    tenant: str
    key: str


class Inbox:
    """Requests that changed something, with their answers. Every change passes here twice, so the statements are made once and of the table alone."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    def claim(self, workspace: int, request: RequestKey, at: datetime) -> bool:
        """Takes a new request in this transaction, which must settle it or be undone. False when it is answered already.

        Whoever comes second, in another thread or replica, waits here until the first has committed or given up.
        """
        connection = self._transaction.connection
        values = {
            "platform": request.platform,
            "tenant": request.tenant,
            "request_key": request.key,
            "workspace_id": workspace,
            "answer": b"",
            "received_at": at,
        }
        return connection.execute(inserting(connection.dialect.name, INBOX), values).first() is not None

    def settle(self, request: RequestKey, answer: bytes) -> None:
        """Keeps the answer of a claimed request."""
        sealed = self._sealer.seal(answer, _place(request))
        self._transaction.connection.execute(_SETTLING, {**_named(request), "sealed": sealed})

    def answer(self, request: RequestKey) -> bytes:
        """The answer of a request that is answered already. Raises LookupError."""
        sealed = self._transaction.connection.execute(_ANSWER, _named(request)).scalar()
        if sealed is None:
            raise LookupError(f"request {request.key}")
        return self._sealer.open(sealed, _place(request))


def _named(request: RequestKey) -> dict[str, object]:
    return {"on": request.platform, "of": request.tenant, "key": request.key}


def _place(request: RequestKey) -> Place:
    return Place("inbox", f"{request.platform}/{request.tenant}/{request.key}", "answer")
