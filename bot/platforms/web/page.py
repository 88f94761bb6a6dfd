"""How does one message become a page of its own, to be sent or printed? With its style and its pictures inside, and nothing to fetch."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from markupsafe import Markup

from bot.platforms.web.render import render
from bot.platforms.web.shell import STATIC
from core.messages.model import Actions, Form, Message

_PAGE = Markup("""<!doctype html>
<html lang="{}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{}</title>
<style>{}</style>
</head>
<body class="standalone"><main class="thread">{}</main></body>
</html>
""")


def standalone(message: Message, pictures: Mapping[str, bytes]) -> str:
    """A whole HTML page. `pictures` are PNG by the names of the message's charts; buttons and forms, which need the bot, are left out."""
    inside = {name: f"data:image/png;base64,{b64encode(content).decode()}" for name, content in pictures.items()}
    still = Message(tuple(block for block in message.blocks if not isinstance(block, Actions | Form)), message.fallback, message.card, message.locale)
    style = Markup((STATIC / "style.css").read_text(encoding="utf-8"))  # noqa: S704  # our own file
    return str(_PAGE.format(message.locale, message.fallback, style, Markup(render(still, inside, folder=""))))  # noqa: S704  # rendered with escapes
