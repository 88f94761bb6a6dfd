"""How does a person show that two accounts are theirs? By a short code, given to the one and typed with the other."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from core.domain.typed import plain

# Without letters and digits that are taken for one another (0 O, 1 I L, 2 Z, 5 S, 8 B, U V).
ALPHABET = "ACDEFGHJKMNPQRTVWXY34679"
LENGTH = 8
LIFETIME = timedelta(minutes=10)
# Wrong codes that one member may type within that time: eight signs of 24 are then not to be guessed.
MOST_TRIES = 5
TRIES_WITHIN = timedelta(minutes=10)
_HALF = LENGTH // 2


class Linking(StrEnum):
    """What came of a typed code."""

    JOINED = "joined"
    ALREADY = "already"
    OWN = "own"
    SAME_PLATFORM = "same_platform"
    OTHER_WAY = "other_way"
    WRONG = "wrong"
    WAIT = "wait"


def understood(typed: str) -> str:
    """The code in what was typed, whatever its case, width, spaces and hyphens."""
    return "".join(sign for sign in plain(typed).upper() if sign.isalnum())


def spelt(code: str) -> str:
    """The code as it is shown: two groups, so that it can be read out."""
    return f"{code[:_HALF]}-{code[_HALF:]}"
