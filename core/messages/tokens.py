"""How does a button know what it does, without anything being kept for it? By a signed value that it carries itself."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from hmac import compare_digest, digest
from typing import NamedTuple

from core.errors import TokenError
from core.messages.model import Actions, Block, Button, Form, Message, Press

LIMIT = 2_000
_MAC = 16
_ROOM = LIMIT * 3 // 4 - _MAC
_LARGEST_ID = 2**63 - 1
_LONGEST_LOCALE = "zh-CN"
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Signed(NamedTuple):
    """What a token carries: for which workspace, what it does, and in which language the message is on which it stands; empty for none."""

    workspace: int
    press: Press
    locale: str = ""


class Signer:
    """Makes and reads tokens with a key of its own purpose."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, workspace: int, press: Press, locale: str = "") -> str:
        """A token of at most 2 000 characters. Raises ValueError for a press that is too long to carry."""
        body = _body(workspace, press, locale)
        if len(body) > _ROOM:
            raise ValueError(f"a press of {press.command} is too long to carry")
        return urlsafe_b64encode(self._mac(body) + body).decode().rstrip("=")

    def read(self, token: str) -> Signed:
        """What was signed. Raises TokenError for anything that this house did not sign."""
        if len(token) > LIMIT or not token.isascii():
            raise TokenError("not a token")
        try:
            signed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError as error:
            raise TokenError("not a token") from error
        mac, body = signed[:_MAC], signed[_MAC:]
        if not compare_digest(mac, self._mac(body)):
            raise TokenError("not signed here")
        try:
            workspace, command, arguments, locale = json.loads(body)
        except ValueError as error:
            raise TokenError("signed by another version") from error
        return Signed(workspace, Press(command, arguments), locale)

    def _mac(self, body: bytes) -> bytes:
        return digest(self._key, body, sha256)[:_MAC]


def carries(press: Press) -> bool:
    """Whether a token has room for the press, whatever the workspace."""
    return len(_body(_LARGEST_ID, press, _LONGEST_LOCALE)) <= _ROOM


def signed(message: Message, workspace: int, signer: Signer) -> Message:
    """The message with a token in every button and form."""
    return replace(message, blocks=tuple(_signed(block, lambda press: signer.sign(workspace, press, message.locale)) for block in message.blocks))


def _body(workspace: int, press: Press, locale: str) -> bytes:
    return _JSON.encode([workspace, press.command, press.arguments, locale]).encode()


def _signed(block: Block, token: Callable[[Press], str]) -> Block:
    def sign(button: Button) -> Button:
        return replace(button, token=token(button.press))

    if isinstance(block, Actions):
        return replace(block, buttons=tuple(sign(button) for button in block.buttons))
    if isinstance(block, Form):
        return replace(block, submit=sign(block.submit), opening=token(_opening(block)))
    return block


def _opening(form: Form) -> Press:
    """The form's press with what its fields hold; the longest values stay behind where a token has no room for all."""
    press = form.submit.press
    held = {field.name: field.value for field in form.fields if field.value}
    while not carries(Press(press.command, {**press.arguments, **held})):
        del held[max(held, key=lambda name: len(held[name]))]
    return Press(press.command, {**press.arguments, **held})
