"""How does Feishu refuse? Codes, words and HTTP statuses as its pages and its own answers give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

MESSAGES: Mapping[int, str] = MappingProxyType(
    {
        10003: "invalid param",
        10014: "app secret invalid",
        41012: "user id invalid",
        41050: "no user authority error",
        40000031: "invalid icon key",
        99991400: "request trigger frequency limit",
        99991661: "Missing access token for authorization. Please make a request with token attached.",
        99991663: "Invalid access token for authorization. Please make a test attempt with the correct token.",
        99991672: "Access denied. One of the following scopes is required: ",
        99992402: "field validation failed",
        230001: "Your request contains an invalid request parameter.",
        230002: "Bot/User can NOT be out of the chat.",
        230013: "Bot has NO availability to this user.",
        230020: "This operation triggers the frequency limit.",
        230025: "The length of the message content reaches its limit.",
        230027: "Lack of necessary permissions",
        230031: "Message can only be modified within 14 days after sending.",
        230054: "This operation is not supported for this message type.",
        230071: "The operator is not the sender of the message.",
        230099: "Failed to create card content",
        232006: "Your request specifies a chat_id which is invalid.",
        232011: "Operator can NOT be out of the chat.",
        234001: "Invalid request param.",
        234003: "File not in msg.",
        234006: "The file size exceed the max value.",
        234010: "File's size can't be 0.",
    }
)


class ApiError(Exception):
    """An answer whose code is not 0."""

    def __init__(
        self, code: int, message: str, *, status: int = 400, headers: Mapping[str, str] | None = None, details: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.headers = dict(headers or {})
        self.details = dict(details or {})

    def body(self) -> dict[str, object]:
        """The answer's JSON."""
        return {"code": self.code, "msg": self.message, "error": {"log_id": "20240604085251BEA8869709BAD4373B10", **self.details}}


def refused(code: int, extra: str = "") -> ApiError:
    """The refusal with Feishu's words for the code; `extra` tells the case."""
    message = MESSAGES[code]
    return ApiError(code, f"{message}, ext={extra}" if extra else message)


def scope_missing(scopes: Sequence[str]) -> ApiError:
    """99991672, naming the scopes of which one would do."""
    violations = [{"type": "action_scope_required", "subject": scope} for scope in scopes]
    return ApiError(99991672, f"{MESSAGES[99991672]}[{', '.join(scopes)}]", details={"permission_violations": violations})


def too_often(limit: int, reset: int) -> ApiError:
    """99991400: an app called one API too often; `reset` seconds until it may again."""
    headers = {"x-ogw-ratelimit-limit": str(limit), "x-ogw-ratelimit-reset": str(reset)}
    return ApiError(99991400, MESSAGES[99991400], status=429, headers=headers)


def bad_card(code: int, reason: str) -> ApiError:
    """230099 with the card engine's own code and words."""
    return refused(230099, f"ErrCode: {code}; ErrMsg: {reason}; ")
