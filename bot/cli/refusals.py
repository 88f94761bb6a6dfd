"""Why does a platform not take the secret that was typed to add a team, and what is to be done about it?"""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import Reason, SendError

WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Mends:
    """One platform's words: the secret is `wrong`; it is right, and the app is `unable` to do what it has to; the platform is `unreached`."""

    platform: str
    wrong: str
    unable: str
    unreached: str


def mend(error: SendError, mends: Mends) -> str:
    """What to do, as a sentence."""
    match error.reason:
        case Reason.BAD_CREDENTIALS:
            said = mends.wrong
        case Reason.RATE_LIMITED:
            said = f"{mends.platform} was asked too often just now. Try again in {error.retry_after or WAIT_SECONDS:.0f} seconds"
        case Reason.UNREACHABLE | Reason.UNAVAILABLE | Reason.AMBIGUOUS:
            said = mends.unreached
        case _:
            said = mends.unable
    return f"{said}. Nothing was kept."
