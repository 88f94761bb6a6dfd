"""What may go wrong, when, and to whom?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from random import Random

DATABASES = ("sqlite", "postgresql")


class Point(StrEnum):
    """Where on its way a digest is when something happens."""

    PLAN = "plan"
    TAKE = "take"
    UPLOAD = "upload"
    UPLOADED = "uploaded"
    BUILT = "built"
    SENDING = "sending"
    SEND = "before send"
    ACCEPTED = "after accept"
    RECORD = "before record"
    RECORDED = "recorded"


class What(StrEnum):
    """What happens to a process, or to all that runs on its machine."""

    KILL = "kill -9"
    DISK = "disk full"
    NAMES = "name not resolved"
    STEP_ON = "clock an hour on"
    STEP_BACK = "clock an hour back"


class Cut(StrEnum):
    """What a platform, or the way to it, does once to each message."""

    BEFORE = "dropped before accept"
    AFTER = "dropped after accept"
    LIMITED = "429 with Retry-After"
    LIMITED_BARE = "429 without Retry-After"
    BROKEN = "5xx"


@dataclass(frozen=True, slots=True)
class Blow:
    """It happens when the point is passed for the nth time by whatever process, after so many milliseconds, and lasts so many seconds."""

    what: What
    point: Point
    nth: int = 1
    delay_ms: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """One digest a platform on one database.

    `gone` is for how many seconds the database is away from the due time on; a `small` disk can truly be filled.
    """

    database: str
    blows: tuple[Blow, ...] = ()
    cut: Cut | None = None
    replicas: int = 1
    gone: float = 0.0
    small: bool = False

    def __str__(self) -> str:
        parts = [f"{blow.what} at {blow.point} #{blow.nth} +{blow.delay_ms} ms" for blow in self.blows]
        parts += [self.cut] if self.cut else []
        parts += [f"database gone for {self.gone:g} s"] if self.gone else []
        where = f"{self.database} on a small disk" if self.small else self.database
        return f"{where} ×{self.replicas}: {'; then '.join(parts) or 'nothing'}"

    @property
    def trouble(self) -> float:
        """How many seconds of it nobody can be blamed for."""
        return self.gone + sum(blow.seconds for blow in self.blows) + ASKED_TO_WAIT.get(self.cut, 0.0)


def kills(many: int, random: Random) -> list[Case]:
    """So many kills: each point in turn, on each database, then both at random; some strike twice, some among replicas."""
    return [_kill(number, random) for number in range(many)]


def _kill(number: int, random: Random) -> Case:
    points = list(Point)
    point = points[number % len(points)]
    again = [_blow(random.choice(AGAIN), random)] if point not in AGAIN and random.random() < 0.4 else []
    return Case(DATABASES[number // len(points) % 2], (_blow(point, random), *again), replicas=random.choice((1, 1, 2, 3)))


def _blow(point: Point, random: Random) -> Blow:
    # Both digests are planned in one go.
    nth = 1 if point is Point.PLAN else random.choice((1, 1, 2))
    return Blow(What.KILL, point, nth, random.choice((0, 0, random.randint(1, 30))))


def others(gone: float) -> list[Case]:
    """What else may go wrong, once on each database; `gone` is for how many seconds a database is away."""
    return [
        *(Case(database, replicas=replicas) for database, replicas in product(DATABASES, (2, 3))),
        *(Case(database, cut=cut) for database, cut in product(DATABASES, Cut)),
        *(Case(database, (Blow(What.NAMES, Point.SENDING, seconds=2),)) for database in DATABASES),
        *(Case(database, (Blow(what, point, seconds=1.5),)) for database in DATABASES for what, point in STEPS),
        *(Case("sqlite", (Blow(What.DISK, point, seconds=2),), small=small) for point, small in product(FILLED, (False, True))),
        *(Case(database, gone=gone) for database in DATABASES),
    ]


# Where who took over is killed too.
AGAIN = (Point.SEND, Point.ACCEPTED, Point.RECORD)
# How long a platform is left alone after it: as it says, or half a minute, a sixth of it here.
ASKED_TO_WAIT: dict[Cut | None, float] = {Cut.LIMITED: 1.0, Cut.LIMITED_BARE: 5.0}
# Where there may be no room for what comes next.
FILLED = (Point.PLAN, Point.UPLOADED, Point.SEND, Point.ACCEPTED)
# Where an hour's step may do harm: before anything is built, between build and send, and after the message stands.
STEPS = ((What.STEP_ON, Point.BUILT), (What.STEP_BACK, Point.ACCEPTED), (What.STEP_BACK, Point.RECORDED))
