"""How does somebody learn that what was to come by itself did not go out? Word of it is a row of the ledger, like what it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from core.domain.deliveries import GRACE, OPEN, OUT, SCHEDULED, Delivery, DeliveryState, Kind, Request, Why, rests
from core.domain.moments import Moment
from core.domain.notices import Group, broken, grouped, route
from core.domain.quiet import after_quiet
from core.domain.receipts import Trouble, lasting, trouble
from core.domain.workspaces import Binding, Member, Permission, Workspace
from core.errors import Reason
from core.messages.cards.notice import notice_card
from core.messages.cards.task_words import Reader
from core.messages.model import Message
from core.ports import Address
from core.services.people import able
from core.services.receipts import slots_of
from core.services.schedules import switch_off
from core.services.trials import PRESSER
from core.services.workspaces import WEB
from core.storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

# After a stop: word of what was missed waits until what comes late has gone out, so that both are told at once.
OVERDUE = timedelta(minutes=5)
# After that long, word that still waits for its platform goes another way.
STUCK = timedelta(minutes=10)
# Admins who are told where the one whom it concerns cannot be.
ADMINS = 3


def tell(uow: UnitOfWork, workspace: Workspace, moment: Moment, now: datetime) -> int:
    """Plans word of all that somebody has still to learn, each once; switches off what would fail again. Returns how many messages that makes.

    `now` is machine time. In one transaction, so that a restart neither loses nor repeats it.
    """
    rows = uow.receipts.untold(workspace.id)
    if any(trouble(row) is Trouble.STOPPED for row in rows) and _under_way(uow, workspace, moment):
        rows = tuple(row for row in rows if trouble(row) is not Trouble.STOPPED)
    claimed = uow.receipts.claim([row.id for row in rows])
    mine = [row for row in rows if row.id in claimed]
    teller = _Teller(uow, workspace, moment, now)
    told = teller.of_slots([row for row in mine if row.schedule is not None]) + teller.anew([row for row in mine if row.kind is Kind.NOTICE])
    return told + teller.passed_on(uow.receipts.stuck(workspace.id, moment.instant - STUCK))


def notice(uow: UnitOfWork, workspace: Workspace, request: Request, moment: Moment) -> Message:
    """What a member is to be told, in their language. Slots that are well by now show so."""
    given = request.arguments
    member = uow.members.get(workspace.id, int(given["member"]))
    rows = [row for row in (uow.deliveries.get(each) for each in _numbers(given["deliveries"])) if row is not None]
    zone = _zone(member, workspace)
    reader = Reader(member.locale or workspace.locale, moment.instant.astimezone(zone).date(), zone, {}, member.id)
    return notice_card(Trouble(given["trouble"]), slots_of(uow, rows), reader, off=given["off"] == "yes")


def _under_way(uow: UnitOfWork, workspace: Workspace, moment: Moment) -> bool:
    """Whether something overdue may still go out. What is older than any grace is not waited for: perhaps nobody serves its platform any more."""
    longest = max(GRACE[kind] or OVERDUE for kind in SCHEDULED)
    return uow.receipts.under_way(workspace.id, moment.instant - longest, moment.instant - OVERDUE)


@dataclass(frozen=True, slots=True)
class _Word:
    """One message to be told: of which rows, to whom first, near which binding, by none of the closed ones. `key` names it, whoever is told."""

    key: str
    trouble: Trouble
    deliveries: tuple[int, ...]
    owner: int | None
    near: int
    closed: frozenset[int]
    off: bool

    def key_for(self, member: Member, binding: int) -> str:
        """The name of the row that brings it to the member there."""
        return f"{self.key}/{member.id}/{binding}"

    def request(self, member: Member) -> Request:
        """What the member's row is to bring."""
        numbers = {"deliveries": _listed(self.deliveries), "closed": _listed(sorted(self.closed)), "member": str(member.id)}
        numbers["owner"] = _listed(() if self.owner is None else (self.owner,))
        return Request({**numbers, "trouble": self.trouble.value, "off": "yes" if self.off else "no"})

    @classmethod
    def of(cls, notice: Delivery, request: Request) -> _Word:
        """What a row was to bring, which now has to go another way. A row of an earlier release knows only whom it was to tell itself."""
        given = request.arguments
        (owner,) = _numbers(given.get("owner", given["member"])) or (None,)
        closed = broken(notice).union(_numbers(given["closed"]))
        key = notice.key.partition("/")[0]
        return cls(key, Trouble(given["trouble"]), _numbers(given["deliveries"]), owner, notice.binding, closed, given["off"] == "yes")


@dataclass(frozen=True, slots=True)
class _Teller:
    uow: UnitOfWork
    workspace: Workspace
    moment: Moment
    now: datetime

    def of_slots(self, rows: Sequence[Delivery]) -> int:
        found = grouped(rows, {row.id: self._concerned(row) for row in rows})
        return sum(self._told(group, of_group) for group, of_group in found.items())

    def anew(self, notices: Iterable[Delivery]) -> int:
        """Word that did not get out goes another way."""
        return sum(self._send(self._word(notice)) for notice in notices if notice.state not in OUT)

    def passed_on(self, notices: Iterable[Delivery]) -> int:
        """Word that waits for a platform which is away, or which nobody serves, goes another way where one is open, and waits where none is."""
        return sum(self._passed_on(notice) for notice in notices)

    def _passed_on(self, notice: Delivery) -> int:
        word = self._word(notice)
        ways = self._ways(replace(word, closed=word.closed | {notice.binding}))
        given_up = replace(notice, state=DeliveryState.MUTED, lease_until=None, reason=Why.OVERTAKEN.value)
        if ways is None or not self.uow.deliveries.move(notice, given_up):
            return 0
        return self._planned(word, ways)

    def _concerned(self, row: Delivery) -> int | None:
        """Who is told first: whoever wanted to see a test, else the owner of the schedule."""
        presser = self.uow.deliveries.request(row.id).arguments.get(PRESSER) if row.asked_at else None
        if presser is not None:
            return int(presser)
        return None if row.schedule is None else self.uow.schedules.get(row.schedule).owner

    def _told(self, group: Group, rows: Sequence[Delivery]) -> int:
        off = [self._switched_off(row) for row in rows]
        closed = frozenset[int]().union(*(broken(row) for row in rows))
        first = rows[0]
        asked = f":{first.asked_at:%Y%m%dT%H%M%S}" if first.asked_at else ""
        word = _Word(f"{Kind.NOTICE}:{first.id}{asked}", group.trouble, tuple(row.id for row in rows), group.owner, group.binding, closed, any(off))
        return self._send(word)

    def _switched_off(self, row: Delivery) -> bool:
        """Whether the schedule is off from now on, because whatever it brings would fail like this."""
        if row.schedule is None or not lasting(row):
            return False
        schedule = self.uow.schedules.get(row.schedule)
        place = self.uow.places.known(schedule.channel)
        if (place.binding, place.external_id) != (row.binding, row.conversation):
            # It goes somewhere else by now.
            return False
        if schedule.on:
            schedule = switch_off(self.uow, schedule, row.reason or Reason.REFUSED.value, self.moment)
        return schedule.off is not None

    def _word(self, notice: Delivery) -> _Word:
        return _Word.of(notice, self.uow.deliveries.request(notice.id))

    def _send(self, word: _Word) -> int:
        # A way that seems broken is better than none: word is patient. The playground, into which few look, is the last.
        anyhow = replace(word, closed=frozenset())
        tries = (self._ways(each, playground=last) for each, last in ((word, False), (anyhow, False), (anyhow, True)))
        ways = next((found for found in tries if found is not None), None)
        if ways is None:
            log.error("nobody_told", notice=word.key)
        return self._planned(word, ways or [])

    def _planned(self, word: _Word, ways: Iterable[tuple[Member, Binding]]) -> int:
        return sum(self._plan(word, member, binding) for member, binding in ways)

    def _ways(self, word: _Word, *, playground: bool = False) -> list[tuple[Member, Binding]] | None:
        """Whom to tell, and where: the schedule's owner, else the team's, else its admins. Nobody more where one of them knows; None is no way."""
        for circle in self._circles(word.owner):
            waiting = [member for member in circle if not self._knows(word, member)]
            found = [(member, binding) for member in waiting if (binding := self._way(word, member, playground)) is not None]
            if found or len(waiting) < len(circle):
                return found
        return None

    def _circles(self, owner: int | None) -> Iterable[Sequence[Member]]:
        everyone = {member.id: member for member in self.uow.members.all(self.workspace.id) if member.active}
        for one in (owner, self.uow.workspaces.owner(self.workspace.id)):
            if one in everyone:
                yield (everyone[one],)
        yield able(self.uow, self.workspace, Permission.ADMIN)[:ADMINS]

    def _knows(self, word: _Word, member: Member) -> bool:
        """Whether they have it already, or will by a way that is not closed."""
        rows = [row for binding in self.uow.members.bindings(member.id) if (row := self._row(word, member, binding)) is not None]
        return any(row.state in OUT or (row.state in OPEN and not rests(row) and row.binding not in word.closed) for row in rows)

    def _way(self, word: _Word, member: Member, playground: bool) -> Binding | None:
        """One that was not tried. The playground counts where they are nowhere else, or nothing else is left."""
        every = [self.uow.places.found(binding) for binding in sorted(self.uow.members.bindings(member.id))]
        talks = [binding for binding in every if binding.on and binding.platform != WEB]
        usual = every if playground else talks or every
        return route([binding for binding in usual if self._row(word, member, binding.id) is None], word.closed, word.near, WEB)

    def _row(self, word: _Word, member: Member, binding: int) -> Delivery | None:
        return self.uow.deliveries.keyed(self.workspace.id, word.key_for(member, binding))

    def _plan(self, word: _Word, member: Member, binding: Binding) -> bool:
        address = self._alone_with(member, binding)
        row = Delivery(
            id=0,
            workspace=self.workspace.id,
            key=word.key_for(member, binding.id),
            kind=Kind.NOTICE,
            binding=address.binding,
            conversation=address.conversation,
            due_at=after_quiet(self.moment.instant, _zone(member, self.workspace), member.quiet),
            visible_to=member.id,
        )
        return self.uow.deliveries.plan(row, word.request(member), self.now) is not None

    def _alone_with(self, member: Member, binding: Binding) -> Address:
        """The member's own conversation with the bot on the binding."""
        channels = self.uow.places.channels(self.workspace.id)
        direct = next((channel.external_id for channel in channels if channel.binding == binding.id and channel.direct_to == member.id), None)
        return Address(binding.id, direct or self.uow.members.account(binding.id, member.id) or "", visible_to=member.id)


def _zone(member: Member, workspace: Workspace) -> ZoneInfo:
    return ZoneInfo(member.timezone or workspace.timezone)


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(str(number) for number in numbers)


def _numbers(listed: str) -> tuple[int, ...]:
    return tuple(int(number) for number in listed.split(",") if number)
