"""How does Feishu encrypt and sign an event? Written from its page on encryption and signatures, independent of any SDK.

Source: https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/encrypt-key-encryption-configuration-case
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

BLOCK = 16


def encrypt(plain: bytes, key: str, iv: bytes) -> str:
    """base64(iv + AES-256-CBC(plain, PKCS7)) under sha256(key); `iv` is 16 bytes."""
    padder = PKCS7(BLOCK * 8).padder()
    padded = padder.update(plain) + padder.finalize()
    encryptor = Cipher(algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.CBC(iv)).encryptor()
    return base64.b64encode(iv + encryptor.update(padded) + encryptor.finalize()).decode()


def sign(timestamp: str, nonce: str, key: str, body: bytes) -> str:
    """Hex sha256 of timestamp, nonce, key and the raw body, one after the other."""
    return hashlib.sha256((timestamp + nonce + key).encode() + body).hexdigest()
