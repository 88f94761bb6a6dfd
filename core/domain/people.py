"""By which handle is a person called in the team?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import count

LONGEST_HANDLE = 20
_UNUSABLE = re.compile(r"[^\w.-]+")
_EDGES = "._-"


def handle_for(wish: str, name: str, account: str, taken: Collection[str]) -> str:
    """A handle that nobody has: as the platform has it, else the letters of the name in any script, else `u` and the end of their account's id."""
    base = _usable(wish) or _usable(name) or _made_up(account)
    candidates = (base if number == 1 else f"{base}{number}" for number in count(1))
    return next(candidate for candidate in candidates if candidate not in taken)


def is_made_up(handle: str, accounts: Iterable[str]) -> bool:
    """Whether the handle was made of one of the person's accounts, because their platform told no name."""
    return any(re.fullmatch(rf"{re.escape(_made_up(account))}\d*", handle) for account in accounts)


def _made_up(account: str) -> str:
    return f"u{_usable(account)[-4:]}"


def _usable(written: str) -> str:
    letters = _UNUSABLE.sub("", written.casefold())
    return letters.strip(_EDGES)[:LONGEST_HANDLE]
