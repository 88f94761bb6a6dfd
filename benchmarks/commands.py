"""What does a command cost over the bare database work that it cannot do without?"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, event, text

from benchmarks.workspaces import bench


def cases(folder: Path) -> dict[str, Callable[[], object]]:
    """`/kpi log` through dispatch, after one SELECT and one INSERT by SQLAlchemy Core on a file of the same settings."""
    shop, numbers = bench(folder, 1), count(1)
    return {
        "one SELECT, one INSERT (Core)": _bare(folder / "bare.db"),
        "/kpi log through dispatch": lambda: shop.say(f"/kpi log 2024-06-03 dau={next(numbers) + 50_000}"),
        "/ops whoami through dispatch": lambda: shop.say("/ops whoami"),
    }


def _bare(path: Path) -> Callable[[], object]:
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", lambda connection, _: connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"))
    with engine.begin() as connection:
        connection.execute(text("create table kept (id integer primary key, said text)"))
    select, insert = text("select said from kept where id = :id"), text("insert into kept (said) values (:said)")

    def run() -> None:
        with engine.begin() as connection:
            connection.execute(select, {"id": 1}).one_or_none()
            connection.execute(insert, {"said": "dau=85000"})

    return run
