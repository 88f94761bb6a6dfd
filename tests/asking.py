"""What does reading a command need in tests? A day, a language, and a small team to name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import handlers.every  # noqa: F401  # declares the commands
from core.domain.workspaces import Locale
from core.messages.model import Option
from handlers.kernel.command import REGISTRY
from handlers.kernel.kinds import Scope
from handlers.kernel.parse import Call, Routed, Unknown, call, route

# A Tuesday.
TODAY = date(2024, 6, 4)


class SmallDirectory:
    """Two people, one campaign, one task, two roles, one channel, one schedule."""

    def members(self) -> Sequence[Option]:
        return (Option("lin", "林晓"), Option("chen", "陈晨"))

    def campaigns(self) -> Sequence[Option]:
        return (Option("618", "618 大促"),)

    def tasks(self) -> Sequence[Option]:
        return (Option("T-12", "备货 A 款"),)

    def roles(self) -> Sequence[Option]:
        return (Option("运营经理", ""), Option("Operations manager", ""))

    def channels(self) -> Sequence[Option]:
        return (Option("#ops", ""),)

    def schedules(self) -> Sequence[Option]:
        return (Option("S-3", "S-3 ops"),)


ZH = Scope(Locale.ZH, TODAY, SmallDirectory())
EN = Scope(Locale.EN, TODAY, SmallDirectory())


def asked(line: str, scope: Scope = ZH) -> Call:
    """The call that a line makes; it must name a command."""
    routed = route(line, REGISTRY)
    assert isinstance(routed, Routed), routed
    return call(routed, scope)


def values(line: str, scope: Scope = ZH) -> dict[str, object]:
    """The arguments of a line that is understood in full."""
    made = asked(line, scope)
    assert made.complete, (made.mistakes, made.stray, made.missing)
    return dict(made.values)


def unknown(line: str) -> Unknown:
    """What remains of a line that names no command."""
    found = route(line, REGISTRY)
    assert isinstance(found, Unknown), found
    return found
