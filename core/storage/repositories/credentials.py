"""With which secrets does the house speak for a binding, who renews them, and which pictures are on its platform already?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, ScalarSelect, Update, delete, or_, select, update
from sqlalchemy.orm import Session

from core.domain.workspaces import Binding, Credential
from core.storage.repositories.places import ON, binding_of
from core.storage.sealing import Place, Sealer
from core.storage.tables.platforms import CredentialRow, UploadRow
from core.storage.tables.workspaces import BindingRow
from core.storage.upsert import insert_new

# By column: a row kept by the session would not see what a later statement made of it.
_SECRETS = (CredentialRow.binding_id, CredentialRow.content, CredentialRow.expires_at, CredentialRow.version)


class Credentials:
    """The secrets of bindings; sealed."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

    def get(self, binding: int) -> Credential | None:
        """The binding's secrets; None where there are none."""
        row = self._session.execute(select(*_SECRETS).where(CredentialRow.binding_id == binding)).one_or_none()
        return None if row is None else self._credential(*row)

    def all(self, platform: str) -> tuple[tuple[Binding, Credential], ...]:
        """The secrets of every binding on the platform that is on, the oldest first."""
        joined = select(BindingRow, *_SECRETS).join(CredentialRow, CredentialRow.binding_id == BindingRow.id)
        rows = self._session.execute(joined.where(BindingRow.platform == platform, BindingRow.state == ON).order_by(BindingRow.id))
        return tuple(
            (binding_of(bound), self._credential(binding, content, expires_at, version)) for bound, binding, content, expires_at, version in rows
        )

    def put(self, binding: int, secrets: Mapping[str, str], expires_at: datetime | None) -> None:
        """Keeps the binding's secrets in place of those before; whoever is renewing those finds that they are gone."""
        values = {"binding_id": binding, "workspace_id": _owner(binding), "version": 1, **self._written(binding, secrets, expires_at)}
        new = insert_new(self._session, CredentialRow).values(values)
        changes = {**self._written(binding, secrets, expires_at), "version": CredentialRow.version + 1}
        self._session.execute(new.on_conflict_do_update(index_elements=["binding_id"], set_=changes))

    def remove(self, binding: int) -> None:
        """Deletes the binding's secrets, if there are any."""
        self._session.execute(delete(CredentialRow).where(CredentialRow.binding_id == binding))

    def lease(self, binding: int, version: int, now: datetime, until: datetime) -> bool:
        """Takes the renewal of that version for oneself until that machine time; False when somebody else has it, or has done it."""
        unheld = or_(CredentialRow.lease_until.is_(None), CredentialRow.lease_until <= now)
        return self._changed(update(CredentialRow).where(*_version(binding, version), unheld).values(lease_until=until))

    def renew(self, binding: int, version: int, secrets: Mapping[str, str], expires_at: datetime | None) -> bool:
        """Keeps what the renewal of that version brought; False, and nothing, when the binding has other secrets by now."""
        values = {**self._written(binding, secrets, expires_at), "version": version + 1}
        return self._changed(update(CredentialRow).where(*_version(binding, version)).values(values))

    def _written(self, binding: int, secrets: Mapping[str, str], expires_at: datetime | None) -> dict[str, object]:
        content = json.dumps(dict(secrets)).encode()
        return {"content": self._sealer.seal(content, _place(binding)), "expires_at": expires_at, "lease_until": None}

    def _changed(self, change: Update) -> bool:
        result = self._session.execute(change)
        assert isinstance(result, CursorResult)
        return result.rowcount == 1

    def _credential(self, binding: int, content: bytes, expires_at: datetime | None, version: int) -> Credential:
        return Credential(binding, json.loads(self._sealer.open(content, _place(binding))), expires_at, version)


class Uploads:
    """Content that a platform has already, by its hash."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, binding: int, digest: str) -> str | None:
        """The platform's key of the content with that hash."""
        return self._session.scalar(select(UploadRow.key).where(UploadRow.binding_id == binding, UploadRow.digest == digest))

    def put(self, binding: int, digest: str, key: str, created_at: datetime) -> None:
        """Remembers the key, in place of an older one of the same content."""
        values = {"workspace_id": _owner(binding), "binding_id": binding, "digest": digest, "key": key, "created_at": created_at}
        new = insert_new(self._session, UploadRow).values(values)
        self._session.execute(new.on_conflict_do_update(index_elements=["binding_id", "digest"], set_={"key": key, "created_at": created_at}))


def _owner(binding: int) -> ScalarSelect[int]:
    return select(BindingRow.workspace_id).where(BindingRow.id == binding).scalar_subquery()


def _version(binding: int, version: int) -> tuple[ColumnElement[bool], ...]:
    return (CredentialRow.binding_id == binding, CredentialRow.version == version)


def _place(binding: int) -> Place:
    return Place("credentials", str(binding), "content")
