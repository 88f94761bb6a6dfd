"""How does somebody learn that what was to come by itself did not go out? Word of it is a row of the ledger, like what it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from core.domain.deliveries import Delivery, DeliveryState, Kind, Request
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
from core.services.workspaces import WEB
from core.storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

# After a stop: word of what was missed waits until what comes late has gone out, so that both are told at once.
OVERDUE = timedelta(minutes=5)
# Admins who are told where the one whom it concerns cannot be.
ADMINS = 3


def tell(uow: UnitOfWork, workspace: Workspace, moment: Moment, now: datetime) -> int:
    """Plans word of all that somebody has still to learn, each once; switches off what would fail again. Returns how many messages that makes.

    `now` is machine time. In one transaction, so that a restart neither loses nor repeats it.
    """
    rows = uow.receipts.untold(workspace.id)
    if any(trouble(row) is Trouble.STOPPED for row in rows) and uow.receipts.under_way(workspace.id, moment.instant - OVERDUE):
        rows = tuple(row for row in rows if trouble(row) is not Trouble.STOPPED)
    claimed = uow.receipts.claim([row.id for row in rows])
    mine = [row for row in rows if row.id in claimed]
    teller = _Teller(uow, workspace, moment, now)
    return teller.of_slots([row for row in mine if row.schedule is not None]) + teller.anew([row for row in mine if row.kind is Kind.NOTICE])


def notice(uow: UnitOfWork, workspace: Workspace, request: Request, moment: Moment) -> Message:
    """What a member is to be told, in their language. Slots that are well by now show so."""
    given = request.arguments
    member = uow.members.get(workspace.id, int(given["member"]))
    rows = [row for row in (uow.deliveries.get(each) for each in _numbers(given["deliveries"])) if row is not None]
    zone = _zone(member, workspace)
    reader = Reader(member.locale or workspace.locale, moment.instant.astimezone(zone).date(), zone, {}, member.id)
    return notice_card(Trouble(given["trouble"]), slots_of(uow, rows), reader, off=given["off"] == "yes")


@dataclass(frozen=True, slots=True)
class _Word:
    """One message to be told: of which rows, near which binding, by none of the closed ones. `key` names it, whoever is told."""

    key: str
    trouble: Trouble
    deliveries: tuple[int, ...]
    near: int
    closed: frozenset[int]
    off: bool

    def request(self, member: Member) -> Request:
        """What the member's row is to bring."""
        numbers = {"deliveries": _listed(self.deliveries), "closed": _listed(sorted(self.closed)), "member": str(member.id)}
        return Request({**numbers, "trouble": self.trouble.value, "off": "yes" if self.off else "no"})

    @classmethod
    def of(cls, notice: Delivery, request: Request) -> _Word:
        """What a row was to bring, which now has to go by none of the ways that it tried."""
        given = request.arguments
        closed = frozenset({notice.binding, *_numbers(given["closed"])})
        key = notice.key.partition("/")[0]
        return cls(key, Trouble(given["trouble"]), _numbers(given["deliveries"]), notice.binding, closed, given["off"] == "yes")


@dataclass(frozen=True, slots=True)
class _Teller:
    uow: UnitOfWork
    workspace: Workspace
    moment: Moment
    now: datetime

    def of_slots(self, rows: Sequence[Delivery]) -> int:
        schedules = {row.schedule for row in rows if row.schedule is not None}
        found = grouped(rows, {schedule: self.uow.schedules.get(schedule).owner for schedule in schedules})
        return sum(self._told(group, of_group) for group, of_group in found.items())

    def anew(self, notices: Iterable[Delivery]) -> int:
        """Word that did not get out goes another way."""
        return sum(self._another_way(notice) for notice in notices if notice.state is DeliveryState.FAILED)

    def _told(self, group: Group, rows: Sequence[Delivery]) -> int:
        off = [self._switched_off(row) for row in rows]
        closed = frozenset[int]().union(*(broken(row) for row in rows))
        first = rows[0]
        asked = f":{first.asked_at:%Y%m%dT%H%M%S}" if first.asked_at else ""
        word = _Word(f"{Kind.NOTICE}:{first.id}{asked}", group.trouble, tuple(row.id for row in rows), group.binding, closed, any(off))
        return self._send(word, group.owner)

    def _switched_off(self, row: Delivery) -> bool:
        """Whether the schedule is off from now on, because whatever it brings would fail like this."""
        if row.schedule is None or not lasting(row):
            return False
        schedule = self.uow.schedules.get(row.schedule)
        if schedule.on:
            switch_off(self.uow, schedule, row.reason or Reason.REFUSED.value, self.moment)
        return True

    def _another_way(self, notice: Delivery) -> int:
        return self._send(_Word.of(notice, self.uow.deliveries.request(notice.id)), notice.visible_to)

    def _send(self, word: _Word, owner: int | None) -> int:
        # A way that seems broken is better than none. What was tried there already stands under its key.
        ways = self._ways(word, owner) or self._ways(replace(word, closed=frozenset()), owner)
        planned = sum(self._plan(word, member, binding) for member, binding in ways)
        if not planned:
            log.error("nobody_told", notice=word.key)
        return planned

    def _ways(self, word: _Word, owner: int | None) -> list[tuple[Member, Binding]]:
        """Whom to tell, and where: the schedule's owner, else the team's, else its admins."""
        for circle in self._circles(owner):
            found = [(member, binding) for member in circle if (binding := self._way(word, member)) is not None]
            if found:
                return found
        return []

    def _circles(self, owner: int | None) -> Iterable[Sequence[Member]]:
        everyone = {member.id: member for member in self.uow.members.all(self.workspace.id) if member.active}
        for one in (owner, self.uow.workspaces.owner(self.workspace.id)):
            if one in everyone:
                yield (everyone[one],)
        yield able(self.uow, self.workspace, Permission.ADMIN)[:ADMINS]

    def _way(self, word: _Word, member: Member) -> Binding | None:
        theirs = [self.uow.places.found(binding) for binding in sorted(self.uow.members.bindings(member.id))]
        return route(theirs, word.closed, word.near, WEB)

    def _plan(self, word: _Word, member: Member, binding: Binding) -> bool:
        address = self._alone_with(member, binding)
        row = Delivery(
            id=0,
            workspace=self.workspace.id,
            key=f"{word.key}/{member.id}/{binding.id}",
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
