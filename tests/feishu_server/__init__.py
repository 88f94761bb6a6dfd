"""What do the tests talk to in Feishu's place? A Feishu of ours on loopback: real HTTP and WebSocket, refusing what Feishu refuses.

    with FeishuServer(clock) as feishu:                      # or the fixture `feishu`, on the fixture `clock`
        feishu.url                                           # the domain to give the app (FEISHU_DOMAIN)
        feishu.app                                           # App: app_id, app_secret, encrypt_key, verification_token, scopes …

Set up
    ann = feishu.world.add_user("安然")                       # reachable=False: out of the app's range (230013, 41050)
    group = feishu.world.add_group("运营群", [ann])           # bots=(): the bot is not in it (230002)
    feishu.world.direct(ann, feishu.app)                     # the direct conversation
    FeishuServer(clock, apps=(App(), App(app_id="cli_b"…)))  # more apps; feishu.events_of(app), feishu.webhook(url, app)
    FeishuServer(clock, apps=(replace(App(), scopes=…),))    # a scope left out gives 99991672; GROUP_HISTORY_SCOPE opens a group's history (230027)
    FeishuServer(clock, limits=UNLIMITED)                    # limits run on the injected clock: while it stands, the 6th post to a chat is refused
    FeishuServer(clock, card_rules=rules)                    # Callable[[card], CardFault | None]; a fault is answered as 230099

What people do (each returns an Event; the same Event delivered again is a retry with the same event id)
    feishu.events.says(ann, None, "/任务 列表")                # direct; in a group give the chat and mentions=(feishu.app,)
    feishu.events.tells_bot(ann, group, "/任务 列表")          # "@_user_1 /任务 列表" with the bot mentioned
    feishu.events.says_richly / shares_file / presses / acts / picks_from_menu / adds_bot / removes_bot / unknown
    feishu.events.presses(ann, message, "完成", form={"cause": "缺货"})    # finds the button by its label on the card as it stands now

How the app is told
    hook = feishu.webhook(url)
    hook.deliver(event, lower_case=False) -> Answer          # encrypted, signed now; Answer.status, .body, .toast, .card, .shown_error
    request = hook.seal.event(event); hook.deliver_request(event, request)     # the same request, its signature growing old
    hook.seal.plain(event); hook.seal.challenge("word", encrypted=True); hook.send(request) -> httpx.Response
    feishu.sealing().event(event) -> WebhookRequest(headers, body)             # only made, not sent
    feishu.socket.wait_connected(); feishu.socket.push(event, parts=3) -> Ack(frame, code, answer); start_push(event) -> Future[Ack]
    feishu.socket.silence() / speak() / drop(); .refusal = CONNECTION_LIMIT | AUTHENTICATION_FAILED; .config = ClientConfig(PingInterval=1)
    feishu.socket.count, .pings, .frames

What went wrong
    feishu.faults.plan(Endpoint.SEND, DropBefore() | DropAfter() | Fail(status, code, reset=…) | Hold(), nth=2, times=1)
    held = feishu.faults.plan(Endpoint.SEND, Hold()); …; held.release()
    feishu.tokens.revoke()                                   # every token given out is invalid from now on (99991663)

What happened
    feishu.world.messages(group) / posted(group) / cards(group) -> list[Message]   # as they stand now; Message.body, .text, .msg_type, .thread_id
    feishu.world.edits(message_id) -> list[Edit]             # way: PATCH, CALLBACK or TOKEN
    feishu.world.answers(event_id), .calls(Endpoint.TOKEN), .uploads(), .commands[app_id]; feishu.tokens.issued
    feishu.world.until(lambda: feishu.world.cards(group) != [])                    # waits without sleeping
"""

from __future__ import annotations

from tests.feishu_server.cards import Button, CardFault, CardRules, buttons, documented_rules
from tests.feishu_server.endpoints import ALL_SCOPES, GROUP_HISTORY_SCOPE, Endpoint
from tests.feishu_server.events import Event, Events
from tests.feishu_server.faults import DropAfter, DropBefore, Fail, Hold
from tests.feishu_server.limits import UNLIMITED, Limits
from tests.feishu_server.long_connection import AUTHENTICATION_FAILED, CONNECTION_LIMIT, Ack, ClientConfig, Refusal
from tests.feishu_server.server import FeishuServer
from tests.feishu_server.values import Answer, App, Call, Chat, Edit, EditWay, Message, SlashCommand, Upload, User, UserState
from tests.feishu_server.webhook import Webhook, WebhookRequest

__all__ = [
    "ALL_SCOPES",
    "AUTHENTICATION_FAILED",
    "CONNECTION_LIMIT",
    "GROUP_HISTORY_SCOPE",
    "UNLIMITED",
    "Ack",
    "Answer",
    "App",
    "Button",
    "Call",
    "CardFault",
    "CardRules",
    "Chat",
    "ClientConfig",
    "DropAfter",
    "DropBefore",
    "Edit",
    "EditWay",
    "Endpoint",
    "Event",
    "Events",
    "Fail",
    "FeishuServer",
    "Hold",
    "Limits",
    "Message",
    "Refusal",
    "SlashCommand",
    "Upload",
    "User",
    "UserState",
    "Webhook",
    "WebhookRequest",
    "buttons",
    "documented_rules",
]
