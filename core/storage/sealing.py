"""How is a field kept so that a copy of the database tells nothing? AES-256-GCM, bound to its table, row and field."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import ConfigurationError, SealError

_VERSION = b"\x01"
_KEY_ID = 4
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs; it opens nowhere else."""

    table: str
    row: str
    field: str

    def bound(self) -> bytes:
        """The associated data, unambiguous whatever the parts hold."""
        return "\x1f".join(part.replace("\\", "\\\\").replace("\x1f", "\\x") for part in (self.table, self.row, self.field)).encode()


class Sealer:
    """Seals and opens bytes with one key of 32 bytes. Each purpose gets a key of its own, derived from it."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ConfigurationError("MORNINGBELL_KEY must be 32 bytes, written in URL-safe base64.")
        self._root = key
        self._cipher = AESGCM(self.derive("seal"))
        self._header = _VERSION + self.derive("key id")[:_KEY_ID]

    @classmethod
    def from_text(cls, written: str) -> Sealer:
        """From the key as settings hold it, 43 or 44 characters of URL-safe base64. Raises ConfigurationError."""
        try:
            return cls(urlsafe_b64decode(written.strip() + "=" * (-len(written.strip()) % 4)))
        except ValueError as error:
            raise ConfigurationError("MORNINGBELL_KEY is not URL-safe base64.") from error

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose alone."""
        return digest(self._root, purpose.encode(), sha256)

    def seal(self, content: bytes, place: Place) -> bytes:
        """Header (version, key id), nonce, ciphertext with its tag."""
        nonce = secrets.token_bytes(_NONCE)
        return self._header + nonce + self._cipher.encrypt(nonce, content, self._header + place.bound())

    def open(self, sealed: bytes, place: Place) -> bytes:
        """The content. Raises SealError for another key, another place or changed bytes."""
        header, rest = sealed[: 1 + _KEY_ID], sealed[1 + _KEY_ID :]
        if header != self._header:
            raise SealError(f"{place.table}.{place.field} was sealed with another key")
        try:
            return self._cipher.decrypt(rest[:_NONCE], rest[_NONCE:], header + place.bound())
        except (InvalidTag, ValueError) as error:
            raise SealError(f"{place.table}.{place.field} was changed, cut, or moved from another row") from error

    def pseudonym(self, value: str) -> str:
        """The same short text for the same value, telling nothing of it: for identifiers that are only counted."""
        return urlsafe_b64encode(digest(self.derive("pseudonym"), value.encode(), sha256)[:12]).decode()


def new_key() -> str:
    """A fresh key as settings hold it."""
    return urlsafe_b64encode(secrets.token_bytes(32)).decode()
