"""What did a look at a platform's set-up find? One line each, in English, for the command line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is well, and what was seen or what to do about it. No secret stands in it."""

    name: str
    well: bool
    said: str
