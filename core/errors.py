"""What can go wrong that somebody is told of? A closed set: what a person did, what a platform did, what the house did."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class MorningbellError(Exception):
    """The root of every error that the project raises on purpose."""


class UserError(MorningbellError):
    """A person asked for something that cannot be done as asked; the catalogue holds the sentence that says how to go on.

    `key` names a text in the catalogues and `args` fill its places. `field` is the argument or form field at fault,
    when one is, so that a form can show the sentence beside it.
    """

    def __init__(self, key: str, /, *, field: str | None = None, **args: object) -> None:
        super().__init__(key)
        self.key = key
        self.field = field
        self.args_: dict[str, object] = args

    def __str__(self) -> str:
        return f"{self.key} {self.args_}"


class Busy(MorningbellError):
    """Another attempt at the same request is at work, or has just done it: look again later."""


class Unmet(MorningbellError):
    """Nobody knows yet who acts. `meet` asks their platform, which may take long; the act is to be done again after it."""

    def __init__(self, meet: Callable[[], None]) -> None:
        super().__init__("somebody new")
        self.meet = meet


class Denied(UserError):
    """The person may not do this; the sentence says who may."""


class Reason(StrEnum):
    """Why a platform did not take a message."""

    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    UNREACHABLE = "unreachable"
    AMBIGUOUS = "ambiguous"
    TOO_LARGE = "too_large"
    REFUSED = "refused"
    NO_CHANNEL = "no_channel"
    NO_ACCESS = "no_access"
    BAD_CREDENTIALS = "bad_credentials"


class SendError(MorningbellError):
    """A platform did not take a message: why, whether trying again can help, and how many seconds to wait first.

    `whole` says that the wait is for all that the app sends, and not for that conversation alone.
    """

    def __init__(self, reason: Reason, *, retryable: bool, retry_after: float | None = None, whole: bool = False) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.retryable = retryable
        self.retry_after = retry_after
        self.whole = whole


class ConfigurationError(MorningbellError):
    """The settings cannot work as they are; the text says what to set. Shown on the command line, in English."""


class Unreachable(MorningbellError):
    """The database does not answer, or is none; the text says where it was looked for, without a password. Shown on the command line."""


class BackupError(MorningbellError):
    """A database could not be copied, or its copy is not sound; the text says why."""


class TokenError(MorningbellError):
    """A button's or form's token was not made by this house, or not for this workspace."""


class SealError(MorningbellError):
    """A sealed value does not open: wrong key, wrong row, or changed bytes."""


class PictureError(MorningbellError):
    """A picture could not be drawn; the text says why, for the log. The message goes out without it."""
