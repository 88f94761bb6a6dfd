"""What has to be entered on Feishu's pages before the bot works there? The same for Lark."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from bot.platforms.feishu.domain import domain_url
from bot.platforms.settings import FeishuSettings
from core.domain.workspaces import Locale
from handlers.kernel.command import Registry

EVENTS_PATH = "/feishu/events"

# Each scope with what it is needed for: nothing is asked that is not used.
SCOPES = {
    "im:message:send_as_bot": "post",
    "im:message:update": "keep cards up to date",
    "im:message.p2p_msg:readonly": "hear direct messages",
    "im:message.group_at_msg:readonly": "hear @mentions in groups",
    "im:message:readonly": "read files that are offered for import, and find a message again after a doubtful send",
    "im:resource": "show pictures and long tables",
    "im:chat:read": "know the names of groups",
    "im:chat.members:bot_access": "know which groups it is taken into",
    "contact:contact.base:readonly": "know who speaks",
    "contact:user.base:readonly": "know their names",
    "application:app_slash_command:read": "look at its slash commands",
    "application:app_slash_command:write": "keep its slash commands",
}
# Sensitive, so that it is asked for apart.
GROUP_HISTORY = "im:message.group_msg"
EVENTS = {
    "im.message.receive_v1": "messages to the bot",
    "application.bot.menu_v6": "the bot's menu",
    "im.chat.member.bot.added_v1": "the bot is taken into a group",
    "im.chat.updated_v1": "a group has another name",
}
CALLBACK = "card.action.trigger"
MENU = ("ops home", "kpi board", "task mine", "ops help")


def setup_text(settings: FeishuSettings | None, registry: Registry, url: str) -> str:
    """The steps, one under the other. `url` is where the house is reached from outside, without a path; a long connection needs none."""
    socket = settings is not None and settings.mode == "socket"
    pages = f"{domain_url(settings.domain if settings else 'feishu')}/app"
    return "\n".join(
        (
            f"1. {pages} → create a custom app (企业自建应用) → Add features (添加应用能力) → Bot (机器人).",
            "2. Credentials (凭证与基础信息): App ID → FEISHU_APP_ID, App Secret → FEISHU_APP_SECRET.",
            "3. Permissions (权限管理) → batch import (批量导入):",
            *_indented(json.dumps({"scopes": {"tenant": list(SCOPES), "user": []}}, indent=2).splitlines()),
            *_indented(f"{scope}: to {reason}" for scope, reason in SCOPES.items()),
            f"   {GROUP_HISTORY}: if you can have it. It lets the bot look into a group before it sends again what may have got out already.",
            *(_by_socket() if socket else _by_webhook(url)),
            "5. Bot menu (机器人自定义菜单), each entry with “push event” (推送事件):",
            *_indented(_menu(registry)),
            "6. Version management (版本管理与发布) → create a version and publish it. Nothing above holds before that.",
            "7. morningbell doctor looks at all of it; morningbell feishu sync-commands registers the slash commands.",
        )
    )


def _by_webhook(url: str) -> Sequence[str]:
    address = f"{url.rstrip('/') or 'https://YOUR.HOST'}{EVENTS_PATH}"
    return (
        "4. Events & callbacks (事件与回调):",
        "   Encryption (加密策略): Encrypt Key → FEISHU_ENCRYPT_KEY, Verification Token → FEISHU_VERIFICATION_TOKEN. Start the bot with them first.",
        f"   Event request URL (请求地址): {address}",
        f"   Callback request URL: {address}",
        *_subscriptions(),
    )


def _by_socket() -> Sequence[str]:
    return (
        "4. Events & callbacks (事件与回调): start the bot with FEISHU_MODE=socket first, then choose",
        "   “receive events through a persistent connection” (使用长连接接收事件) for events, and the same for callbacks.",
        *_subscriptions(),
    )


def _subscriptions() -> Sequence[str]:
    return (
        "   Add the events (添加事件):",
        *_indented(_indented(f"{name}: {reason}" for name, reason in EVENTS.items())),
        f"   Add the callback (添加回调): {CALLBACK}",
    )


def _menu(registry: Registry) -> Iterator[str]:
    for name in MENU:
        command = registry[name]
        yield f"{command.say(Locale.ZH, 'about')} / {command.say(Locale.EN, 'about')}: {'_'.join(command.path)}"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"   {line}" for line in lines)
