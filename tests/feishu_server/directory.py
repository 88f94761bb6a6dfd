"""What else can an app ask of Feishu? Who it is, who people are, which chats it is in; files; slash commands; the late update of a card."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from tests.feishu_server.cards import check_card
from tests.feishu_server.endpoints import NAME_SCOPE
from tests.feishu_server.errors import refused
from tests.feishu_server.requests import Request, page
from tests.feishu_server.values import Chat, EditWay, Json, Upload, UserState
from tests.feishu_server.world import CardToken, World

LARGEST_IMAGE = 10 * 1024 * 1024
LARGEST_FILE = 30 * 1024 * 1024
FILE_TYPES = ("opus", "mp4", "pdf", "doc", "xls", "ppt", "stream")
CARD_TOKEN_LIFE = timedelta(minutes=30)
CARD_TOKEN_USES = 2


class Directory:
    """People, chats and the bot itself."""

    def __init__(self, world: World) -> None:
        self._world = world

    def bot(self, request: Request) -> Json:
        """GET bot/v3/info: the one answer that has no `data`."""
        return {
            "bot": {"activate_status": 2, "app_name": request.app.name, "avatar_url": "", "ip_white_list": [], "open_id": request.app.bot_open_id}
        }

    def user(self, request: Request) -> Json:
        """GET contact/v3/users/:id. The name is left out without its scope; who is out of range is refused."""
        user = self._world.user(request.params["user_id"])
        if request.query.get("user_id_type", "open_id") != "open_id" or user is None:
            raise refused(41012)
        if not user.reachable:
            raise refused(41050)
        names = {"name": user.name, "en_name": user.en_name} if NAME_SCOPE in request.app.scopes else {}
        frozen, resigned = user.state is UserState.FROZEN, user.state is UserState.RESIGNED
        status = {"is_frozen": frozen, "is_resigned": resigned, "is_activated": not resigned, "is_exited": False, "is_unjoin": False}
        return {"user": {"open_id": user.open_id, "union_id": user.ids()["union_id"], **names, "status": status}}

    def chats(self, request: Request) -> Json:
        """GET im/v1/chats: the groups that the bot is in."""
        chats: list[Json] = [{"chat_id": chat.chat_id, **_chat(chat, request)} for chat in self._world.chats_of(request.app)]
        return page(request, chats, 20, 100).json()

    def chat(self, request: Request) -> Json:
        """GET im/v1/chats/:id."""
        chat = self._world.chat(request.params["chat_id"])
        if chat is None:
            raise refused(232006)
        if request.app.app_id not in chat.bots:
            raise refused(232011)
        return {**_chat(chat, request), "user_count": str(len(chat.members)), "bot_count": str(len(chat.bots))}


class Files:
    """Images and files, up and down."""

    def __init__(self, world: World) -> None:
        self._world = world

    def image(self, request: Request) -> Json:
        """POST im/v1/images: at most 10 MB."""
        if request.text("image_type") not in ("message", "avatar"):
            raise refused(99992402, "image_type")
        upload = self._kept(request, "img_v3", request.text("image_type"), "", LARGEST_IMAGE)
        return {"image_key": upload.key}

    def file(self, request: Request) -> Json:
        """POST im/v1/files: at most 30 MB."""
        if request.text("file_type") not in FILE_TYPES:
            raise refused(99992402, "file_type")
        upload = self._kept(request, "file_v3", request.text("file_type"), request.text("file_name"), LARGEST_FILE)
        return {"file_key": upload.key}

    def resource(self, request: Request) -> bytes:
        """GET im/v1/messages/:id/resources/:key: a file or image of that message, by a bot of that chat."""
        if request.asked("type") not in ("image", "file"):
            raise refused(99992402, "type")
        message = self._world.message(request.params["message_id"])
        chat, upload = self._world.chat(message.chat_id), self._world.upload(request.params["key"])
        if chat is None or request.app.app_id not in chat.bots:
            raise refused(230002)
        if upload is None or upload.key not in message.content:
            raise refused(234003)
        return upload.content

    def _kept(self, request: Request, prefix: str, kind: str, name: str, largest: int) -> Upload:
        content = request.content()
        if len(content) > largest:
            raise refused(234006)
        return self._world.keep_upload(Upload(self._world.number(prefix), kind, name, content, request.app.app_id))


class LateCards:
    """The update of a pressed card by the press's token."""

    def __init__(self, world: World) -> None:
        self._world = world

    def update(self, request: Request) -> Json:
        """POST interactive/v1/card/update: after the press was answered, within 30 minutes, twice. Its codes are in no page that we know: 230001."""
        token, card = self._world.card_tokens.get(request.text("token")), request.body.get("card")
        if token is None or token.app_id != request.app.app_id or not self._good(token):
            raise refused(230001, "invalid card token.")
        if not isinstance(card, Mapping):
            raise refused(230001, "invalid card.")
        content = json.dumps({name: part for name, part in card.items() if name != "open_ids"}, ensure_ascii=False)
        check_card(content, self._world.images(), self._world.card_rules)
        self._world.card_tokens[token.token] = replace(token, uses=token.uses + 1)
        self._world.replace_card(token.message_id, content, EditWay.TOKEN)
        return {}

    def _good(self, token: CardToken) -> bool:
        fresh = self._world.clock.now() - token.issued <= CARD_TOKEN_LIFE
        return token.answered and fresh and token.uses < CARD_TOKEN_USES


def _chat(chat: Chat, request: Request) -> Json:
    kind = {"chat_mode": "p2p" if chat.direct else "group", "chat_status": "normal", "external": False}
    return {"name": chat.name, "description": "", "tenant_key": request.app.tenant_key, **kind}
