"""What is wrong with the Feishu app as it is set up, and how is it mended?

Feishu does not say which scopes an app has, but refuses a call for want of one before it looks at the call: so calls are made that can do nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing

from bot.platforms.feishu import calls
from bot.platforms.feishu.apps import App, app_of
from bot.platforms.feishu.calls import Call
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.domain import domain_url
from bot.platforms.feishu.failures import SCOPE_MISSING, Refused
from bot.platforms.feishu.guard import FRESH
from bot.platforms.feishu.setup import GROUP_HISTORY, reason
from bot.platforms.feishu.start import secrets_of
from bot.platforms.fields import number, word
from bot.platforms.findings import Added, Finding, clock_finding
from bot.platforms.seams import Ties
from bot.platforms.settings import FeishuSettings
from core.domain.workspaces import Locale
from core.errors import Reason, SendError
from core.ports import Clock

# What Feishu says of a bot that may work.
ACTIVATED = 2
NOBODY, NOTHING = "ou_doctor", "om_doctor"
OWN_MEND = "FEISHU_APP_ID and FEISHU_APP_SECRET are not accepted. Copy them anew: open platform → the app → Credentials (凭证与基础信息)"
ADDED_MEND = "its secret is not accepted. Add it once more: morningbell feishu add {app}; or let it go: morningbell feishu remove {app}"
OWN_KEY = "set FEISHU_ENCRYPT_KEY"
ADDED_KEY = "it has no encrypt key. Add it once more with the key, morningbell feishu add {app}"
UNREACHED = "Feishu cannot be reached. Look at the network, at a proxy, and at FEISHU_DOMAIN (feishu, or lark outside China)"


def check(settings: FeishuSettings, clock: Clock, channels: Mapping[str, str]) -> list[Finding]:
    """Looks at Feishu with the settings' app. `channels`: id and name of each channel to which something is posted by itself."""
    secrets = secrets_of(settings)
    app = App(0, settings.app_id or "", secrets.get("app_secret", ""), secrets.get("encrypt_key", ""))
    with closing(Client(domain_url(settings.domain), clock, quiet=True)) as client:
        return [*_app("feishu", client, app, channels, OWN_MEND), _clock(client, clock), _way("feishu", app, settings, OWN_KEY)]


def check_added(settings: FeishuSettings, ties: Ties, clock: Clock, added: Sequence[Added]) -> list[Finding]:
    """Looks at the apps that were added, each with its own secrets."""
    with closing(Client(domain_url(settings.domain), clock, quiet=True)) as client:
        return [finding for each in added for finding in _added(settings, client, app_of(ties.keys(each.binding)), each.channels)]


def _added(settings: FeishuSettings, client: Client, app: App, channels: Mapping[str, str]) -> Iterator[Finding]:
    yield from _app(f"feishu {app.id}", client, app, channels, ADDED_MEND.format(app=app.id))
    yield _way(f"feishu {app.id}", app, settings, ADDED_KEY.format(app=app.id))


def _app(name: str, client: Client, app: App, channels: Mapping[str, str], mend: str) -> Iterator[Finding]:
    try:
        bot = client.ask(app, calls.bot())
    except SendError as error:
        yield Finding(f"{name} app", False, mend if error.reason is Reason.BAD_CREDENTIALS else UNREACHED)
        return
    yield _bot(f"{name} app", word(bot, "bot", "app_name"), number(bot, "bot", "activate_status"))
    yield _scopes(f"{name} scopes", client, app)
    for chat, called in channels.items():
        yield _membership(f"{name} {called}", client, app, chat)
    yield from _history(f"{name} history", client, app, channels)


def _bot(name: str, bot: str, status: int) -> Finding:
    if status == ACTIVATED:
        return Finding(name, True, f"bot {bot}")
    return Finding(name, False, f"the bot {bot} is not switched on. Publish a version with the bot feature (版本管理与发布)")


def _scopes(name: str, client: Client, app: App) -> Finding:
    missing = [scope for scope, call in _probes().items() if _lacks(client, app, call)]
    if not missing:
        return Finding(name, True, "all that can be tried are there")
    named = ", ".join(f"{scope} (to {reason(scope, Locale.EN)})" for scope in missing)
    return Finding(name, False, f"missing: {named}. Add them as `morningbell feishu setup` says, then publish a version")


def _probes() -> Mapping[str, Call]:
    """A call for each scope that can be tried, none of which can have an effect."""
    return {
        "im:message:send_as_bot": calls.send(NOBODY, "text", "", ""),
        "im:message:update": calls.patch(NOTHING, ""),
        "im:message:readonly": calls.message(NOTHING),
        "im:resource": calls.image("nothing", b""),
        "im:chat:read": calls.chats(),
        "contact:contact.base:readonly": calls.user(NOBODY),
        "application:app_slash_command:read": calls.commands(),
        "application:app_slash_command:write": calls.remove_command("doctor"),
    }


def _lacks(client: Client, app: App, call: Call) -> bool:
    try:
        client.ask(app, call)
    except Refused as error:
        return error.code == SCOPE_MISSING
    return False


def _membership(name: str, client: Client, app: App, chat: str) -> Finding:
    try:
        client.ask(app, calls.chat(chat))
    except SendError as error:
        if error.reason is Reason.NO_CHANNEL:
            return Finding(name, False, "the bot is not in this group. In Feishu: the group's settings → Bots (群机器人) → add it")
        return Finding(name, False, f"could not be looked at ({error.reason.value}). Try again in a minute")
    return Finding(name, True, "the bot is in it")


def _history(name: str, client: Client, app: App, channels: Mapping[str, str]) -> Iterator[Finding]:
    """Whether the bot may look into groups; it works without, but then a doubtful send is left to a person once an hour has passed."""
    for chat in tuple(channels)[:1]:
        said = "the bot can see whether a doubtful message got out"
        try:
            client.ask(app, calls.history("chat", chat, 0))
        except SendError:
            said = f"the bot may not look into groups ({GROUP_HISTORY}): what is in doubt for more than an hour is left to you. The rest works"
        yield Finding(name, True, said)


def _clock(client: Client, clock: Clock) -> Finding:
    try:
        told = client.date()
    except SendError:
        told = ""
    return clock_finding("Feishu", clock.now(), told, FRESH)


def _way(name: str, app: App, settings: FeishuSettings, mend: str) -> Finding:
    if settings.mode == "socket":
        return Finding(f"{name} events", True, "by a long connection; no address and no encrypt key are needed")
    if not app.encrypt_key:
        return Finding(f"{name} events", False, f"{mend}: without it anybody could post as Feishu. Or use FEISHU_MODE=socket")
    return Finding(f"{name} events", True, "by webhook, signed; that the key is the right one shows when the address is entered")
