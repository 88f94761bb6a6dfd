"""On what do a unit of work's repositories work? One connection, taken when first asked for; over it a session for those who load rows as objects."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session


class Transaction:
    """One after another, each begun by its first statement. Between two of them no connection is held."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._open: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The connection for statements on tables alone. A session costs as much as several of them, so it is not made for those."""
        if self._open is None:
            self._open = self._engine.connect()
        return self._open

    @cached_property
    def session(self) -> Session:
        """The session for rows as objects, within the same transaction."""
        return _Joined(self)

    def commit(self) -> None:
        """Makes lasting what was done on either."""
        if "session" in vars(self):
            self.session.commit()
        if self._open is not None:
            self._open.commit()
        self._let_go()

    def rollback(self) -> None:
        """Undoes what was done on either since the last commit."""
        if "session" in vars(self):
            self.session.rollback()
        self._let_go()

    def close(self) -> None:
        """Undoes what was not committed. Objects that the session loaded stay as they are."""
        try:
            if "session" in vars(self):
                self.session.close()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        connection, self._open = self._open, None
        if connection is not None:
            connection.close()


class _Joined(Session):
    """Asks for the connection whenever it begins, and leaves its transaction to the owner."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(expire_on_commit=False)
        self._owner = transaction

    def get_bind(self, *_: Any, **__: Any) -> Connection:
        return self._owner.connection
