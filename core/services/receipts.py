"""What became of what comes by itself, and how does a person have it sent again, or say that it is there?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time, timedelta

from core.domain.calendars import DAY
from core.domain.deliveries import Delivery, Why, reopened, rests, seen
from core.domain.instants import instant_of
from core.domain.moments import Moment
from core.domain.receipts import Acted, Listed, Slot, Wish, may_go_again
from core.domain.schedules import Schedule
from core.domain.workspaces import Workspace
from core.errors import UserError
from core.services.channels import welcomed
from core.services.schedules import resume
from core.storage.unit_of_work import UnitOfWork

# How far back somebody looks for what did not go out.
LOOK_BACK = timedelta(days=14)
# More than a phone shows; the newest are kept.
SHOWN = 30


def slots_of(uow: UnitOfWork, deliveries: Sequence[Delivery]) -> tuple[Slot, ...]:
    """The deliveries with their schedules and places; those of no schedule are left out."""
    schedules: dict[int, Schedule] = {}
    found = []
    for delivery in deliveries:
        if delivery.schedule is None:
            continue
        if delivery.schedule not in schedules:
            schedules[delivery.schedule] = uow.schedules.get(delivery.schedule)
        channel = uow.places.channel(delivery.binding, delivery.conversation)
        found.append(Slot(delivery, schedules[delivery.schedule], channel))
    return tuple(found)


def listed(uow: UnitOfWork, workspace: Workspace, wish: Wish, moment: Moment) -> Listed:
    """The slots that are wished for. Raises UserError for a schedule that there is not."""
    found = _wished(uow, workspace, wish, moment)
    return Listed(wish, slots_of(uow, found[-SHOWN:]), len(found))


def chosen(uow: UnitOfWork, workspace: Workspace, ids: Sequence[int]) -> tuple[Slot, ...]:
    """The slots of those deliveries. Raises UserError where one is none of the workspace's."""
    rows = [row for row in (uow.deliveries.get(each) for each in ids) if row is not None and row.workspace == workspace.id]
    slots = slots_of(uow, rows)
    if len(slots) != len(ids):
        raise UserError("delivery.unknown", field="which")
    return slots


def troubled(uow: UnitOfWork, workspace: Workspace, number: int, moment: Moment) -> tuple[Slot, ...]:
    """The newest slot of the schedule, by its number, that did not go out. Raises UserError where there is none."""
    schedule = _numbered(uow, workspace, number)
    rows = [row for row in uow.receipts.not_out(workspace.id, moment.instant - LOOK_BACK) if row.schedule == schedule.id]
    if not rows:
        raise UserError("delivery.nothing_failed", field="which", number=number)
    return slots_of(uow, rows[-1:])


def send_again(uow: UnitOfWork, workspace: Workspace, slots: Sequence[Slot], moment: Moment) -> Acted:
    """Lets those go again that did not go out; what stands somewhere, or is on its way, is left alone."""
    for slot in slots:
        if slot.channel is not None and slot.delivery.reason == Why.PUT_OUT:
            # Whoever wants it there says that the bot was taken in again.
            welcomed(uow, workspace, slot.channel, moment)
    return _changed(uow, slots, lambda row: reopened(row, moment.instant) if may_go_again(row) else None)


def say_seen(uow: UnitOfWork, slots: Sequence[Slot]) -> Acted:
    """Takes a person's word that a message in doubt is there."""
    return _changed(uow, slots, lambda row: seen(row) if rests(row) else None)


def switch_on(uow: UnitOfWork, workspace: Workspace, slots: Sequence[Slot], moment: Moment) -> Acted:
    """Lets the schedules of those slots come again that the house switched off, and tries it by sending what failed."""
    off = {slot.schedule.id: slot.schedule for slot in slots if slot.schedule.off is not None}
    for schedule in off.values():
        resume(uow, schedule, moment)
    return replace(send_again(uow, workspace, slots, moment), switched_on=tuple(off.values()))


def _wished(uow: UnitOfWork, workspace: Workspace, wish: Wish, moment: Moment) -> tuple[Delivery, ...]:
    if wish.schedule is not None:
        return uow.receipts.of_schedule(_numbered(uow, workspace, wish.schedule).id, SHOWN)
    if wish.day is None:
        return uow.receipts.not_out(workspace.id, moment.instant - LOOK_BACK)
    since, until = (instant_of(day, time(), workspace.zone) for day in (wish.day, wish.day + DAY))
    return uow.receipts.between(workspace.id, since, until)


def _numbered(uow: UnitOfWork, workspace: Workspace, number: int) -> Schedule:
    found = uow.schedules.numbered(workspace.id, number)
    if found is None:
        raise UserError("delivery.no_schedule", field="which", number=number)
    return found


def _changed(uow: UnitOfWork, slots: Sequence[Slot], step: Callable[[Delivery], Delivery | None]) -> Acted:
    done, others = [], []
    for slot in slots:
        after = step(slot.delivery)
        if after is not None and uow.receipts.change(slot.delivery, after):
            uow.deliveries.fresh.append(after.id)
            done.append(replace(slot, delivery=after))
        else:
            others.append(slot)
    return Acted(tuple(done), tuple(others))
