"""What do Slack and Feishu send? Commands, presses and messages, signed and each with a request key of its own."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from hmac import digest
from itertools import count
from urllib.parse import urlencode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from benchmarks.load import post
from core.clock import SystemClock

SIGNING_SECRET = "benchmark-signing-secret"
TEAM, PERSON, CHANNEL = "T1", "U1", "C1"

APP, APP_SECRET, ENCRYPT_KEY, VERIFICATION = "cli_bench", "benchmark-app-secret", "benchmark-encrypt-key", "benchmark-verification"
OPEN_ID, CHAT, TENANT = "ou_bench", "oc_bench", "tenant_bench"

_NUMBERS = count(1)


def slash(command: str, text: str, api: str) -> bytes:
    """A slash command of Slack, whose later answers go to the address."""
    number = next(_NUMBERS)
    form = {
        "token": "legacy",
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": CHANNEL,
        "channel_name": "ops",
        "user_id": PERSON,
        "user_name": "lin",
        "command": command,
        "text": text,
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": f"{api}commands/{TEAM}/{number}/x",
        "trigger_id": f"{number}.1.{secrets.token_hex(8)}",
    }
    body, timestamp = urlencode(form).encode(), str(_now())
    signature = digest(SIGNING_SECRET.encode(), f"v0:{timestamp}:".encode() + body, sha256).hex()
    headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signature}"}
    return post("/slack/events", {**headers, "Content-Type": "application/x-www-form-urlencoded"}, body)


def said(text: str, path: str) -> bytes:
    """A text message to the bot in a person's own conversation on Feishu."""
    number = next(_NUMBERS)
    message = {
        "message_id": f"om_{number}",
        "create_time": _millis(),
        "update_time": _millis(),
        "chat_id": CHAT,
        "chat_type": "p2p",
        "message_type": "text",
        "content": json.dumps({"text": text}),
    }
    sender = {"sender_id": {"open_id": OPEN_ID, "union_id": "on_1", "user_id": "u1"}, "sender_type": "user", "tenant_key": TENANT}
    return _event("im.message.receive_v1", {"sender": sender, "message": message}, path)


def pressed(token: str, subject: str, path: str) -> bytes:
    """A press of a button on a card of Feishu."""
    number = next(_NUMBERS)
    operator = {"tenant_key": TENANT, "open_id": OPEN_ID, "union_id": "on_1", "user_id": "u1"}
    action = {"tag": "button", "value": {"token": token, "subject": subject}}
    context = {"open_message_id": f"om_card_{number}", "open_chat_id": CHAT}
    return _event("card.action.trigger", {"operator": operator, "token": f"c-{number}", "action": action, "context": context}, path)


def _event(kind: str, event: Mapping[str, object], path: str) -> bytes:
    header = {
        "event_id": secrets.token_hex(16),
        "event_type": kind,
        "create_time": _millis(),
        "token": VERIFICATION,
        "app_id": APP,
        "tenant_key": TENANT,
    }
    plain = json.dumps({"schema": "2.0", "header": header, "event": event}).encode()
    body, timestamp, nonce = json.dumps({"encrypt": _encrypted(plain)}).encode(), str(_now()), secrets.token_hex(8)
    signature = sha256(f"{timestamp}{nonce}{ENCRYPT_KEY}".encode() + body).hexdigest()
    headers = {"X-Lark-Request-Timestamp": timestamp, "X-Lark-Request-Nonce": nonce, "X-Lark-Signature": signature}
    return post(path, {**headers, "Content-Type": "application/json"}, body)


def _encrypted(plain: bytes) -> str:
    vector, padder = secrets.token_bytes(16), PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(sha256(ENCRYPT_KEY.encode()).digest()), modes.CBC(vector)).encryptor()
    return b64encode(vector + encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()).decode()


def _now() -> int:
    # A signature is of the true time, or nobody takes it.
    return int(SystemClock().now().timestamp())


def _millis() -> str:
    return str(_now() * 1000)
