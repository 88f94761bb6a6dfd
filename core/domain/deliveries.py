"""What may become of a message that must go out once? Its states, the steps between them, and when it is too late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a delivery brings: a morning digest, a board of figures, the tasks of the week, the result of a slow command, the answer to an act, the
    new state of a standing card, or word of what became of other deliveries.
    """

    DIGEST = "digest"
    BOARD = "board"
    TASKS = "tasks"
    COMMAND = "command"
    ANSWER = "answer"
    CARD = "card"
    NOTICE = "notice"


class DeliveryState(StrEnum):
    """Where a delivery stands. `LATE` is sent too, but noticeably after its time."""

    PLANNED = "planned"
    BUILT = "built"
    SENDING = "sending"
    IN_DOUBT = "in_doubt"
    SENT = "sent"
    LATE = "late"
    MISSED = "missed"
    MUTED = "muted"
    FAILED = "failed"


class Why(StrEnum):
    """Why a delivery stands where it stands, when no platform said so."""

    AS_PLANNED = "as_planned"
    AFTER_ITS_TIME = "after_its_time"
    NOT_DUE = "not_due"
    TAKEN = "taken"
    PACED = "paced"
    ELSEWHERE = "elsewhere"
    TOO_LATE = "too_late"
    SCHEDULE_OFF = "schedule_off"
    OVERTAKEN = "overtaken"
    PUT_OUT = "put_out"
    RESTORED = "restored"
    ANSWERED = "answered"
    NOT_BUILT = "not_built"
    NOT_RENDERED = "not_rendered"
    INTERRUPTED = "interrupted"
    CANNOT_LOOK = "cannot_look"
    BROKEN = "broken"
    SEEN = "seen"


# What can be scheduled.
SCHEDULED = (Kind.DIGEST, Kind.BOARD, Kind.TASKS)
# What comes by itself, and nobody waits for.
UNASKED = frozenset({*SCHEDULED, Kind.CARD, Kind.NOTICE})
OPEN = frozenset({DeliveryState.PLANNED, DeliveryState.BUILT, DeliveryState.SENDING, DeliveryState.IN_DOUBT})
OUT = frozenset({DeliveryState.SENT, DeliveryState.LATE})
_GIVEN_UP = frozenset({DeliveryState.MISSED, DeliveryState.MUTED, DeliveryState.FAILED})
_UNTIMELY = frozenset({DeliveryState.LATE, DeliveryState.MISSED, DeliveryState.FAILED})

# A state that leads to itself is taken again, or put off.
STEPS: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.PLANNED: _GIVEN_UP | {DeliveryState.PLANNED, DeliveryState.BUILT},
    DeliveryState.BUILT: _GIVEN_UP | {DeliveryState.BUILT, DeliveryState.SENDING},
    DeliveryState.SENDING: OUT | {DeliveryState.BUILT, DeliveryState.IN_DOUBT, DeliveryState.FAILED},
    DeliveryState.IN_DOUBT: OUT | {DeliveryState.IN_DOUBT, DeliveryState.BUILT, DeliveryState.MISSED, DeliveryState.FAILED},
    **dict.fromkeys(OUT | _GIVEN_UP, frozenset()),
}

# How late it may still go out. None: somebody asked for it and waits.
GRACE: Mapping[Kind, timedelta | None] = {
    **dict.fromkeys(SCHEDULED, timedelta(hours=3)),
    Kind.COMMAND: None,
    Kind.ANSWER: None,
    Kind.CARD: None,
    # Word waits for a platform that is away as long as somebody can still do something about it.
    Kind.NOTICE: timedelta(days=3),
}
# How long building may go without a sign of life before another worker may try. A slow command does its work there: its lease outlasts by more than
# RENEWED_AFTER the silence after which an import counts as dead, so that whoever takes it up finds none that seems to run.
_QUICK = timedelta(seconds=30)
BUILD_LEASE: Mapping[Kind, timedelta] = {
    **dict.fromkeys(SCHEDULED, _QUICK),
    Kind.COMMAND: timedelta(seconds=45),
    Kind.ANSWER: _QUICK,
    Kind.CARD: _QUICK,
    Kind.NOTICE: _QUICK,
}
RENEWED_AFTER = timedelta(seconds=10)
# Longer than a post to any platform takes until its HTTP client gives up.
POST_LASTS = timedelta(seconds=10)
SEND_LEASE = 3 * POST_LASTS
LATE_AFTER = timedelta(minutes=5)
MAX_ATTEMPTS = 6
# As many as lead to the longest pause: waiting for a platform that is away counts for no more.
PATIENT_ATTEMPTS = 4
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Request:
    """What to build, in words that can be stored. `replaces` is the id of the message that the result takes the place of."""

    arguments: Mapping[str, str] = field(default_factory=dict)
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the ledger, without its sealed content.

    `due_at` is business time; `lease_until` is machine time, before which only the holder touches the row.
    `attempts` counts how often the present step, building or sending, was begun. `receipt` is the message's id on the platform, `link` its address.
    `subject` is what the message shows the state of; `edits` is the receipt of the standing message that this one takes the place of.
    `touched` says that its subject has changed since it was planned: where it was on its way then, it may stand with the old state.
    `asked_at` is the business time at which a person had it sent again.
    """

    id: int
    workspace: int
    key: str
    kind: Kind
    binding: int
    conversation: str
    due_at: datetime
    thread: str | None = None
    visible_to: int | None = None
    schedule: int | None = None
    state: DeliveryState = DeliveryState.PLANNED
    attempts: int = 0
    lease_until: datetime | None = None
    reason: str | None = None
    error: str | None = None
    receipt: str | None = None
    link: str | None = None
    sent_at: datetime | None = None
    subject: str = ""
    edits: str | None = None
    touched: bool = False
    asked_at: datetime | None = None

    @property
    def wanted_at(self) -> datetime:
        """From when on it counts as late: from its due time, or from when a person asked for it again."""
        return self.asked_at or self.due_at


def delivery_key(kind: Kind, schedule: int, local_date: date, slot: int, binding: int, conversation: str) -> str:
    """The name of one occurrence at one place: the same however often and wherever it is planned."""
    return f"{kind.value}:{schedule}:{local_date.isoformat()}:{slot}:{binding}/{conversation}"


def local_date(key: str) -> date:
    """The local date of an occurrence, by its key."""
    return date.fromisoformat(key.split(":")[2])


def may(before: DeliveryState, after: DeliveryState) -> bool:
    """Whether the one state may follow the other."""
    return after in STEPS[before]


def missed(kind: Kind, due_at: datetime, instant: datetime) -> bool:
    """Whether it is too late for it to go out."""
    grace = GRACE[kind]
    return grace is not None and instant - due_at > grace


def late(kind: Kind, due_at: datetime, instant: datetime) -> bool:
    """Whether readers should be told that it comes after its time."""
    return kind in SCHEDULED and instant - due_at > LATE_AFTER


def rests(delivery: Delivery) -> bool:
    """Whether it waits in doubt for a person, and nothing looks at it by itself any more."""
    return delivery.state is DeliveryState.IN_DOUBT and delivery.lease_until is None


def tells(delivery: Delivery) -> bool:
    """Whether somebody is to learn that it came to stand so: a schedule's, or word of one, that did not go out at its time."""
    if delivery.schedule is None and delivery.kind is not Kind.NOTICE:
        return False
    return delivery.state in _UNTIMELY or rests(delivery) or (delivery.state is DeliveryState.MUTED and delivery.reason == Why.PUT_OUT)


def reopened(delivery: Delivery, at: datetime) -> Delivery:
    """The row that goes again because a person wants so at that business time. What rests in doubt is sent as it was built, else it is built anew.

    Raises ValueError for one that stands somewhere, or that is on its way.
    """
    if delivery.receipt is not None or not (rests(delivery) or delivery.state in _GIVEN_UP):
        raise ValueError(f"{delivery.state} does not go again")
    state = DeliveryState.BUILT if rests(delivery) else DeliveryState.PLANNED
    return replace(delivery, state=state, attempts=0, reason=None, error=None, asked_at=at)


def seen(delivery: Delivery) -> Delivery:
    """The row in doubt whose message a person has found where it belongs. Raises ValueError for any other."""
    if not rests(delivery):
        raise ValueError(f"{delivery.state} is not in doubt")
    return replace(delivery, state=DeliveryState.SENT, reason=Why.SEEN.value, error=None)


def free(delivery: Delivery, now: datetime) -> bool:
    """Whether nobody holds the row at this machine time. A doubt without lease waits for a person."""
    if delivery.lease_until is None:
        return delivery.state in (DeliveryState.PLANNED, DeliveryState.BUILT)
    return delivery.state in OPEN and delivery.lease_until <= now


def ripe(delivery: Delivery, instant: datetime, ahead: timedelta) -> bool:
    """Whether there is something to do at this business time: build up to `ahead` of the due time, send from it on."""
    return delivery.due_at <= (instant + ahead if delivery.state is DeliveryState.PLANNED else instant)


def taken(delivery: Delivery, now: datetime) -> Delivery:
    """The row as its new holder keeps it while working. An interrupted sending is in doubt."""
    match delivery.state:
        case DeliveryState.SENDING | DeliveryState.IN_DOUBT:
            state, lease = DeliveryState.IN_DOUBT, SEND_LEASE
        case DeliveryState.BUILT:
            state, lease = DeliveryState.SENDING, SEND_LEASE
        case _:
            state, lease = delivery.state, BUILD_LEASE[delivery.kind]
    return replace(delivery, state=state, lease_until=now + lease, attempts=delivery.attempts + 1)


def put_off(delivery: Delivery, until: datetime) -> Delivery:
    """A free row whose turn to be sent comes at that machine time. An interrupted sending is in doubt."""
    state = DeliveryState.IN_DOUBT if delivery.state is DeliveryState.SENDING else delivery.state
    return replace(delivery, state=state, lease_until=until, reason=Why.PACED.value)


def renewed(delivery: Delivery, now: datetime) -> Delivery:
    """The row that is being built, held anew after a sign of life; as it is, where it was held anew just now."""
    until = now + BUILD_LEASE[delivery.kind]
    if delivery.lease_until is not None and until - delivery.lease_until < RENEWED_AFTER:
        return delivery
    return replace(delivery, lease_until=until)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 5 s, 20 s, 80 s, then 5 minutes."""
    return min(_FIRST_PAUSE * (1 << 2 * min(max(attempts - 1, 0), MAX_ATTEMPTS)), _LONGEST_PAUSE)
