"""What has to be entered on Feishu's pages before the bot works there? The same for Lark."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from bot.platforms.feishu.domain import domain_url
from core.domain.workspaces import Locale
from core.i18n.texts import text
from handlers.kernel.command import Registry

EVENTS_PATH = "/feishu/events"

# Nothing is asked that is not used; what each is for is said by `reason`.
SCOPES = (
    "im:message:send_as_bot",
    "im:message:update",
    "im:message.p2p_msg:readonly",
    "im:message.group_at_msg:readonly",
    "im:message:readonly",
    "im:resource",
    "im:chat:read",
    "im:chat.members:bot_access",
    "contact:contact.base:readonly",
    "contact:user.base:readonly",
    "application:app_slash_command:read",
    "application:app_slash_command:write",
)
# Sensitive, so that it is asked for apart.
GROUP_HISTORY = "im:message.group_msg"
EVENTS = (
    "im.message.receive_v1",
    "application.bot.menu_v6",
    "im.chat.member.bot.added_v1",
    "im.chat.member.bot.deleted_v1",
    "im.chat.updated_v1",
)
CALLBACK = "card.action.trigger"
MENU = ("ops home", "kpi board", "task mine", "ops help")


def setup_text(domain: str, registry: Registry, url: str, locale: Locale) -> str:
    """The steps, one under the other. `url` is where the house is reached from outside, without a path; a long connection needs none."""
    page, address = f"{domain_url(domain)}/app", f"{url.rstrip('/') or 'https://YOUR.HOST'}{EVENTS_PATH}"
    return "\n".join(
        (
            text(locale, "feishu.setup.app", page=page),
            text(locale, "feishu.setup.credentials"),
            text(locale, "feishu.setup.scopes"),
            *_indented(json.dumps({"scopes": {"tenant": list(SCOPES), "user": []}}, indent=2).splitlines()),
            *_indented(f"{scope}: {reason(scope, locale)}" for scope in SCOPES),
            *_indented((f"{GROUP_HISTORY}: {text(locale, 'feishu.setup.history')}",)),
            text(locale, "feishu.setup.events"),
            *_indented(text(locale, "feishu.setup.socket").splitlines()),
            *_indented(text(locale, "feishu.setup.webhook", address=address).splitlines()),
            *_indented(_subscriptions(locale)),
            text(locale, "feishu.setup.menu"),
            *_indented(_menu(registry)),
            text(locale, "feishu.setup.version"),
            text(locale, "feishu.setup.after"),
        )
    )


def reason(scope: str, locale: Locale) -> str:
    """What the scope is needed for."""
    return text(locale, f"feishu.scope.{_key(scope)}")


def _subscriptions(locale: Locale) -> Sequence[str]:
    return (
        text(locale, "feishu.setup.subscribe"),
        *_indented(f"{event}: {text(locale, f'feishu.event.{_key(event)}')}" for event in EVENTS),
        text(locale, "feishu.setup.callback", callback=CALLBACK),
    )


def _menu(registry: Registry) -> Iterator[str]:
    for name in MENU:
        command = registry[name]
        yield f"{command.say(Locale.ZH, 'about')} / {command.say(Locale.EN, 'about')}: {'_'.join(command.path)}"


def _key(name: str) -> str:
    """What the catalogues call a name of Feishu's."""
    return re.sub(r"\W", "_", name)


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"   {line}" for line in lines)
