"""Who is let in that nobody knows yet? Whoever their platform says belongs to the team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.platforms.recent import Recent
from core.errors import Denied, SendError, Unmet
from core.ports import Invocation
from core.services.newcomers import take_in
from core.storage.unit_of_work import Database

if TYPE_CHECKING:
    from scheduler.stages.pictures import Platforms

MOST_ASKED = 1_000


class Door:
    """Takes in those who speak to the bot for the first time, when their platform says that they belong to the team."""

    def __init__(self, database: Database, platforms: Platforms) -> None:
        self._database = database
        self._platforms = platforms

    def __call__(self, invocation: Invocation) -> bool:
        """Whether the person is a member now. Raises Denied where the platform does not say who they are."""
        with self._database.read() as uow:
            bound = uow.places.binding(invocation.platform, invocation.tenant)
        if bound is None:
            return False
        try:
            profile = self._platforms(bound[0]).profile(bound[0], invocation.actor)
        except SendError as error:
            _warn(invocation, error)
            raise Denied("kernel.denied.unsure") from error
        if profile is None:
            return False
        with self._database.write() as uow:
            take_in(uow, uow.workspaces.get(bound[1]), bound[0], invocation.actor, profile)
            uow.commit()
        return True


class Threshold:
    """The door for acts that come in threads which must not wait for a platform: it has the platform asked elsewhere, and lets the act come again."""

    def __init__(self, door: Door) -> None:
        self._door = door
        # An act that never comes again leaves its entry behind: the oldest are forgotten, and asked for once more.
        self._asked: Recent[str, bool | Exception] = Recent(MOST_ASKED)

    def __call__(self, invocation: Invocation) -> bool:
        """What the door said of the one who acts. Raises what it raised, and Unmet before it was asked."""
        if invocation.answer_key not in self._asked:
            raise Unmet(lambda: self._ask(invocation))
        said = self._asked.pop(invocation.answer_key)
        if isinstance(said, Exception):
            raise said
        return said

    def _ask(self, invocation: Invocation) -> None:
        try:
            self._asked[invocation.answer_key] = self._door(invocation)
        except Exception as error:  # told where the act is done again
            self._asked[invocation.answer_key] = error


def _warn(invocation: Invocation, error: SendError) -> None:
    # Here and not above: logging costs every start a tenth of a second.
    import structlog

    structlog.get_logger().warning("profile_unknown", platform=invocation.platform, reason=error.reason.value)
