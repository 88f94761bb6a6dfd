"""What did a payload look like before? Golden ones stand in `golden/`; with MORNINGBELL_REDRAW=1 the tests draw them anew."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

from core.domain.workspaces import Locale
from core.messages.model import Actions, Block, Form, Message

GOLDEN = Path(__file__).parent / "golden"
REDRAW = "MORNINGBELL_REDRAW"


def settled(message: Message) -> Message:
    """The message without what is made by chance: its tokens and its subject's number."""
    return replace(message, blocks=tuple(map(_tokenless, message.blocks)), subject=re.sub("[0-9]+", "1", message.subject))


def written(payload: object) -> str:
    """The payload as its golden file has it."""
    return json.dumps(payload, ensure_ascii=False, indent=1) + "\n"


def kept(platform: str, name: str, locale: Locale, now: str) -> str:
    """The golden payload of that name; `now` becomes it first where golden payloads are to be drawn anew."""
    path = GOLDEN / platform / f"{name}.{locale.value}.json"
    if os.environ.get(REDRAW):
        path.write_text(now, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _tokenless(block: Block) -> Block:
    match block:
        case Actions():
            return Actions(tuple(replace(button, token=f"token of {button.press.command}") for button in block.buttons))
        case Form(submit=submit):
            token = f"token of {submit.press.command}"
            return replace(block, submit=replace(submit, token=token), opening=token)
        case _:
            return block
