"""How is the suite run by hand? `python -m tests.faults -n 100 --seed 7`: so many kills, and once everything else that may go wrong."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from random import Random, SystemRandom
from tempfile import TemporaryDirectory
from time import monotonic

from tests.faults.cases import kills, others
from tests.faults.lane import ALLOWED, Verdict
from tests.faults.suite import LANES, played
from tests.postgres import PostgresServer


def main() -> int:
    """Plays the cases, prints a line for each, and ends with 1 where one was lost or doubled, or came too late."""
    asked = _arguments()
    # Whoever is killed leaves half a request.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    print(f"seed {asked.seed}", flush=True)
    cases = kills(asked.n, Random(asked.seed)) + ([] if asked.kills_only else others(asked.gone))
    begun, wrong = monotonic(), []
    with TemporaryDirectory(prefix="faults-") as folder, PostgresServer(Path(folder) / "postgres") as postgres:
        for number, verdict in enumerate(played(cases, Path(folder), postgres, asked.lanes, asked.allowed), 1):
            print(f"{number:4} {_line(verdict)}", flush=True)
            wrong += [verdict] if verdict.wrong else []
    print(f"{len(cases)} cases in {monotonic() - begun:.0f} s, {len(wrong)} wrong; seed {asked.seed}")
    return 1 if wrong else 0


def _line(verdict: Verdict) -> str:
    said = "; ".join(verdict.wrong) or f"ok, {verdict.recovery:.1f} s, {verdict.deaths} deaths"
    return f"{verdict.case}: {said}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("-n", type=int, default=100, help="how many kills")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1_000_000), help="what the kills are drawn from")
    parser.add_argument("--lanes", type=int, default=LANES, help="how many cases at a time")
    parser.add_argument("--allowed", type=float, default=ALLOWED, help="how many seconds a recovery may take: a lease and two")
    parser.add_argument("--gone", type=float, default=60.0, help="for how many seconds a database is away")
    parser.add_argument("--kills-only", action="store_true", help="leave out everything else that may go wrong")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
