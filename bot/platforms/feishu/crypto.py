"""How does Feishu sign and encrypt what it sends?

https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/encrypt-key-encryption-configuration-case
"""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256

from core.errors import MorningbellError

BLOCK = 16


class Undeciphered(MorningbellError):
    """The text was not encrypted with this key, or was changed on the way."""


def signature(timestamp: str, nonce: str, key: str, body: bytes) -> str:
    """The hex SHA-256 of timestamp, nonce, key and raw body, one behind the other."""
    return sha256(f"{timestamp}{nonce}{key}".encode() + body).hexdigest()


def decrypted(encrypted: str, key: str) -> bytes:
    """What was encrypted: AES-256-CBC under the key's SHA-256, the initial vector in front, PKCS #7 at the end. Raises Undeciphered."""
    # Here and not above: a process without Feishu does without it.
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    try:
        raw = b64decode(encrypted, validate=True)
    except ValueError:
        raise Undeciphered("not base64") from None
    if len(raw) < 2 * BLOCK or len(raw) % BLOCK:
        raise Undeciphered("not whole blocks")
    cipher = Cipher(algorithms.AES(sha256(key.encode()).digest()), modes.CBC(raw[:BLOCK])).decryptor()
    return _unpadded(cipher.update(raw[BLOCK:]) + cipher.finalize())


def _unpadded(padded: bytes) -> bytes:
    size = padded[-1]
    if not 1 <= size <= BLOCK or padded[-size:] != bytes([size]) * size:
        raise Undeciphered("padding")
    return padded[:-size]
