"""What does a call ask for? Its parts, checked as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.feishu_server.endpoints import Endpoint
from tests.feishu_server.errors import refused
from tests.feishu_server.values import App, Json


@dataclass(frozen=True, slots=True)
class Request:
    """A call that passed the door: `app` speaks; `upload` is a multipart file, whose other fields are in `body`."""

    endpoint: Endpoint
    app: App
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
    upload: bytes | None = None

    def text(self, name: str) -> str:
        """A text that must be in the body. Raises 99992402."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise refused(99992402, f"{name} is required")
        return value

    def optional(self, name: str, longest: int) -> str | None:
        """A text that may be in the body. Raises 99992402 when it is longer."""
        value = self.body.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or len(value) > longest:
            raise refused(99992402, f"{name}: the max len is {longest}")
        return value

    def asked(self, name: str) -> str:
        """A query parameter that must be there. Raises 99992402."""
        if not self.query.get(name):
            raise refused(99992402, f"{name} is required")
        return self.query[name]

    def content(self) -> bytes:
        """The multipart file. Raises 234001 when there is none and 234010 when it is empty."""
        if self.upload is None:
            raise refused(234001)
        if not self.upload:
            raise refused(234010)
        return self.upload


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    items: list[Json]
    next_token: str | None

    def json(self) -> Json:
        """As Feishu answers it."""
        return {"items": self.items, "has_more": self.next_token is not None, "page_token": self.next_token or ""}


def page(request: Request, items: list[Json], default: int, most: int) -> Page:
    """The part of the list that `page_size` and `page_token` ask for. Raises 99992402."""
    size, start = request.query.get("page_size", str(default)), request.query.get("page_token") or "0"
    if not size.isdigit() or not 1 <= int(size) <= most or not start.isdigit():
        raise refused(99992402, "page_size or page_token")
    end = int(start) + int(size)
    return Page(items[int(start) : end], str(end) if end < len(items) else None)
