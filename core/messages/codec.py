"""How does a message lie in the ledger, so that it can be sent later and again? As JSON, which newer versions still read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter

from core.messages.model import Message


@dataclass(frozen=True, slots=True)
class Frozen:
    """A built message with its pictures: `refs` maps a chart's name to the key of its upload. `built_at` is business time."""

    message: Message
    built_at: datetime
    refs: Mapping[str, str] = field(default_factory=dict)


def dump(message: Message) -> bytes:
    """The message as JSON."""
    return _messages().dump_json(message)


def as_json(message: Message) -> dict[str, object]:
    """The message as plain JSON values, for programs."""
    value: dict[str, object] = _messages().dump_python(message, mode="json")
    return value


def schema() -> dict[str, object]:
    """The JSON Schema of a message."""
    return _messages().json_schema(mode="serialization")


def load(content: bytes) -> Message:
    """The message that was dumped. Raises ValueError for anything else."""
    return _messages().validate_json(content)


def freeze(frozen: Frozen) -> bytes:
    """A built message as JSON."""
    return _frozen().dump_json(frozen)


def thaw(content: bytes) -> Frozen:
    """The built message. Raises ValueError for anything else."""
    return _frozen().validate_json(content)


@cache
def _messages() -> TypeAdapter[Message]:
    return TypeAdapter(Message)


@cache
def _frozen() -> TypeAdapter[Frozen]:
    return TypeAdapter(Frozen)
