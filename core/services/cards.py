"""What does a card that stands somewhere show now, and how does it get there when that has changed?"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from core.domain.campaigns import Task
from core.domain.deliveries import Delivery, Kind, Request
from core.domain.moments import Moment
from core.domain.workspaces import Locale, Member, Workspace
from core.messages.cards.home import home_card, home_subject
from core.messages.cards.kpi_words import Viewer
from core.messages.cards.task import mine_card, task_card
from core.messages.cards.task_words import Reader, mine_subject, task_subject
from core.messages.codec import thaw
from core.messages.model import Message
from core.services.home import home
from core.services.people import names_of
from core.services.tasks import agenda_of
from core.storage.unit_of_work import UnitOfWork

# Feishu lets a card be changed for so long; nobody scrolls back further elsewhere.
LIVELY = timedelta(days=14)
# How many standing cards of one subject are kept true, the newest first: each is a call to a platform.
MOST = 10
_SUBJECT = re.compile(r"task:(?P<task>[0-9]{1,9})|(?P<own>mine|home):(?P<member>[0-9]{1,19})")


def subjects_of(task: Task) -> list[str]:
    """What shows the state of a task: its own cards, and the lists and pages of its owners."""
    return [task_subject(task), *(subject for owner in task.owners for subject in (mine_subject(owner), home_subject(owner)))]


def stand(uow: UnitOfWork, workspace: Workspace, subject: str, now: datetime) -> frozenset[str]:
    """The platforms' ids of the messages of the subject that are kept true. `now` is machine time."""
    rows = uow.deliveries.standing(workspace.id, subject, now - LIVELY)[:MOST] if subject else ()
    return frozenset(row.receipt for row in rows if row.receipt is not None)


def touch(uow: UnitOfWork, workspace: Workspace, subjects: Iterable[str], moment: Moment, now: datetime) -> None:
    """Plans the new state of every standing card of the subjects, in the transaction that changes them. `now` is machine time.

    A card that is on its way is renewed by the sweep after it stands: see `catch_up`.
    """
    changed = tuple(dict.fromkeys(subjects))
    uow.deliveries.touch(workspace.id, changed)
    for subject in changed:
        for standing in uow.deliveries.standing(workspace.id, subject, now - LIVELY)[:MOST]:
            _renew(uow, standing, moment.instant, now)


def catch_up(uow: UnitOfWork, sent: Delivery, now: datetime) -> None:
    """Plans the new state of a card that was touched on its way, in the transaction that records where it stands. `now` is machine time."""
    standing = uow.deliveries.get(sent.id) if sent.subject else None
    if standing is not None and standing.touched:
        _renew(uow, standing, standing.due_at, now)


def renewed(uow: UnitOfWork, workspace: Workspace, request: Request, moment: Moment) -> Message:
    """What a touched card shows at the moment, in the language in which it stands. Raises LookupError where there is nothing to show any more."""
    subject, locale = request.arguments["subject"], Locale(request.arguments["locale"])
    # A list that stands somewhere was its member's own wish.
    found = _SUBJECT.fullmatch(subject)
    member = int(found["member"]) if found and found["member"] else None
    message = state(uow, workspace, subject, Reader(locale, moment.today, workspace.zone, names_of(uow, workspace), member), moment)
    if message is None:
        raise LookupError(f"card of {subject}")
    return message


def state(uow: UnitOfWork, workspace: Workspace, subject: str, reader: Reader, moment: Moment) -> Message | None:
    """What a card of the subject shows the reader now; None for a subject that is none, that is gone, or that is another person's."""
    found = _SUBJECT.fullmatch(subject)
    if found is None:
        return None
    if found["task"]:
        return _task_state(uow, workspace, int(found["task"]), reader)
    member = int(found["member"])
    if member != reader.member:
        return None
    if found["own"] == "mine":
        return mine_card(agenda_of(uow, workspace, member, reader.today), reader)
    return _home_state(uow, workspace, uow.members.get(workspace.id, member), reader, moment)


def _task_state(uow: UnitOfWork, workspace: Workspace, number: int, reader: Reader) -> Message | None:
    task = uow.tasks.numbered(workspace.id, number)
    if task is None:
        return None
    campaign = uow.campaigns.get(workspace.id, task.campaign) if task.campaign else None
    return task_card(task, campaign, reader)


def _home_state(uow: UnitOfWork, workspace: Workspace, member: Member, reader: Reader, moment: Moment) -> Message:
    return home_card(home(uow, workspace, member, moment), member.name, reader, Viewer(reader.locale, moment.today, workspace.currency))


def _renew(uow: UnitOfWork, standing: Delivery, due_at: datetime, now: datetime) -> None:
    renewal = Delivery(
        id=0,
        workspace=standing.workspace,
        # A change is an act of its own, however soon it follows another: only the act is never done twice.
        key=f"{Kind.CARD.value}:{standing.subject}:{standing.id}:{secrets.token_hex(8)}",
        kind=Kind.CARD,
        binding=standing.binding,
        conversation=standing.conversation,
        due_at=due_at,
        thread=standing.thread,
        visible_to=standing.visible_to,
        subject=standing.subject,
        edits=standing.receipt,
    )
    uow.deliveries.plan(renewal, _request(uow, standing), now)


def _request(uow: UnitOfWork, standing: Delivery) -> Request:
    payload = uow.deliveries.payload(standing.id)
    locale = thaw(payload).message.locale if payload else uow.workspaces.get(standing.workspace).locale.value
    return Request({"subject": standing.subject, "locale": locale})
