"""How is each call of Feishu's API written? By the SDK's own request builders; what comes out is plain and typed.

Importing this module loads the whole SDK, some 4 seconds and 150 MB, whatever part is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from lark_oapi.api.contact.v3 import GetUserRequest  # type: ignore[import-untyped]  # the SDK has no types
from lark_oapi.api.im.v1 import (  # type: ignore[import-untyped]
    CreateFileRequest,
    CreateImageRequest,
    CreateMessageRequest,
    CreateMessageRequestBody,
    GetChatRequest,
    GetMessageRequest,
    GetMessageResourceRequest,
    ListChatRequest,
    ListMessageRequest,
    PatchMessageRequest,
    PatchMessageRequestBody,
    ReplyMessageRequest,
    ReplyMessageRequestBody,
)
from lark_oapi.core import JSON, HttpMethod  # type: ignore[import-untyped]
from lark_oapi.core.model import BaseRequest  # type: ignore[import-untyped]

from bot.platforms.fields import Body

SLASH_COMMANDS = "/open-apis/application/v7/app_slash_commands"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way to Feishu: the part of the form that it goes in, its name and what it holds."""

    part: str
    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `body` is JSON; with an `upload` it is a multipart form of `form`'s fields and the file."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = field(default=None, repr=False)
    form: Mapping[str, str] = field(default_factory=dict)
    upload: Upload | None = None


def send(receive_id: str, kind: str, content: str, uuid: str) -> Call:
    """A new message to a chat (`oc_…`) or to a person's direct conversation (`ou_…`). `content` is JSON text."""
    id_type = "open_id" if receive_id.startswith("ou_") else "chat_id"
    body = CreateMessageRequestBody.builder().receive_id(receive_id).msg_type(kind).content(content).uuid(uuid).build()
    return _call(CreateMessageRequest.builder().receive_id_type(id_type).request_body(body).build())


def reply(message_id: str, kind: str, content: str, uuid: str, *, in_thread: bool) -> Call:
    """A reply to a message. It stands in the message's thread where it is in one; `in_thread` begins one."""
    body = ReplyMessageRequestBody.builder().msg_type(kind).content(content).reply_in_thread(in_thread).uuid(uuid).build()
    return _call(ReplyMessageRequest.builder().message_id(message_id).request_body(body).build())


def patch(message_id: str, card: str) -> Call:
    """Another card in the place of one that was sent in the last 14 days."""
    body = PatchMessageRequestBody.builder().content(card).build()
    return _call(PatchMessageRequest.builder().message_id(message_id).request_body(body).build())


def history(container: str, container_id: str, since: int, page_token: str = "") -> Call:
    """The messages of a `chat` or a `thread` since an instant in seconds, the newest first, cards as they were sent."""
    request = ListMessageRequest.builder().container_id_type(container).container_id(container_id).sort_type("ByCreateTimeDesc")
    request = request.page_size(PAGE).card_msg_content_type("user_card_content")
    if container == "chat":
        # Threads take no time.
        request = request.start_time(str(since))
    return _call((request.page_token(page_token) if page_token else request).build())


def message(message_id: str) -> Call:
    """One message."""
    return _call(GetMessageRequest.builder().message_id(message_id).build())


def resource(message_id: str, key: str) -> Call:
    """A file that somebody shared in a message."""
    return _call(GetMessageResourceRequest.builder().message_id(message_id).file_key(key).type("file").build())


def image(name: str, content: bytes) -> Call:
    """A picture to be shown in cards."""
    return Call("POST", CreateImageRequest.builder().build().uri, form={"image_type": "message"}, upload=Upload("image", name, content))


def file(name: str, content: bytes) -> Call:
    """A file to be sent."""
    form = {"file_type": "stream", "file_name": name}
    return Call("POST", CreateFileRequest.builder().build().uri, form=form, upload=Upload("file", name, content))


def user(open_id: str) -> Call:
    """What the tenant's directory tells of a person."""
    return _call(GetUserRequest.builder().user_id_type("open_id").user_id(open_id).build())


def chat(chat_id: str) -> Call:
    """A chat's name and mode."""
    return _call(GetChatRequest.builder().chat_id(chat_id).build())


def chats(page_token: str = "") -> Call:
    """The groups that the bot is in."""
    request = ListChatRequest.builder().page_size(100)
    return _call((request.page_token(page_token) if page_token else request).build())


def bot() -> Call:
    """The app's own bot."""
    return _raw(HttpMethod.GET, "/open-apis/bot/v3/info")


def token(app_id: str, secret: str) -> Call:
    """The app's tenant access token."""
    return _raw(HttpMethod.POST, "/open-apis/auth/v3/tenant_access_token/internal", {"app_id": app_id, "app_secret": secret})


def endpoint(app_id: str, secret: str) -> Call:
    """Where the long connection is to be opened."""
    return _raw(HttpMethod.POST, "/callback/ws/endpoint", {"AppID": app_id, "AppSecret": secret})


def commands(page_token: str = "") -> Call:
    """The app's native slash commands."""
    query = [("page_size", "100"), *([("page_token", page_token)] if page_token else [])]
    return _raw(HttpMethod.GET, SLASH_COMMANDS, query=query)


def add_command(body: Body) -> Call:
    """A further native slash command."""
    return _raw(HttpMethod.POST, SLASH_COMMANDS, body)


def change_command(command_id: str, body: Body) -> Call:
    """Another description of a native slash command."""
    return _raw(HttpMethod.PATCH, f"{SLASH_COMMANDS}/{quote(command_id, safe='')}", body)


def remove_command(command_id: str) -> Call:
    """One native slash command less."""
    return _raw(HttpMethod.DELETE, f"{SLASH_COMMANDS}/{quote(command_id, safe='')}")


def _raw(method: HttpMethod, uri: str, body: Body | None = None, query: list[tuple[str, str]] | None = None) -> Call:
    """A call that the SDK has no builder for."""
    return _call(BaseRequest.builder().http_method(method).uri(uri).body(body).queries(query or []).build())


def _call(request: BaseRequest) -> Call:
    path = str(request.uri)
    for name, value in request.paths.items():
        path = path.replace(f":{name}", quote(value, safe=""))
    body = None if request.body is None else JSON.marshal(request.body).encode()
    return Call(request.http_method.name, path, tuple(request.queries), body)
