"""Does everything go out once, where a process is killed at one of ten points? `make faults` plays many more, and all else that may go wrong."""

from __future__ import annotations

from pathlib import Path

from tests.faults.cases import Blow, Case, Cut, Point, What
from tests.faults.suite import played
from tests.postgres import PostgresServer

# A busy machine begins processes slowly, and that is not what is asked here.
PATIENCE = 20.0
TEN = [
    Case("sqlite", (Blow(What.KILL, Point.PLAN),)),
    Case("postgresql", (Blow(What.KILL, Point.TAKE),)),
    Case("sqlite", (Blow(What.KILL, Point.UPLOAD, nth=2),)),
    Case("postgresql", (Blow(What.KILL, Point.UPLOADED),), replicas=2),
    Case("sqlite", (Blow(What.KILL, Point.BUILT),), replicas=2),
    Case("postgresql", (Blow(What.KILL, Point.SENDING), Blow(What.KILL, Point.RECORD))),
    Case("sqlite", (Blow(What.KILL, Point.SEND),)),
    Case("postgresql", (Blow(What.KILL, Point.ACCEPTED),), replicas=3),
    Case("sqlite", (Blow(What.KILL, Point.RECORD, nth=2, delay_ms=1),)),
    Case("postgresql", (Blow(What.KILL, Point.RECORDED),)),
]
ALSO = [Case("postgresql", cut=Cut.AFTER), Case("sqlite", (Blow(What.DISK, Point.ACCEPTED, seconds=1),))]


def test_whatever_is_killed_or_cut_each_digest_stands_once(tmp_path: Path, postgres: PostgresServer) -> None:
    wrong = [
        f"{verdict.case}: {said}" for verdict in played(TEN + ALSO, tmp_path, postgres, lanes=len(TEN), allowed=PATIENCE) for said in verdict.wrong
    ]
    assert wrong == []
