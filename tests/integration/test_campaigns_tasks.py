"""Do both databases keep campaigns and tasks as they are, and count tasks without a race?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, event

from core.domain.agenda import TaskQuery
from core.domain.campaigns import Task, TaskState
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.storage.unit_of_work import Database
from tests.campaign_618 import CAMPAIGN, PHASES

NOW = datetime(2024, 6, 4, 1, tzinfo=UTC)
TODAY = date(2024, 6, 4)


@pytest.fixture
def shop(database: Database) -> Workspace:
    with database.write() as uow:
        kept = uow.workspaces.add(Workspace(0, "Tea shop", Locale.ZH, "Asia/Shanghai", "CNY", "CN"), NOW)
        uow.commit()
    return kept


@pytest.fixture
def people(database: Database, shop: Workspace) -> tuple[Member, ...]:
    with database.write() as uow:
        kept = tuple(uow.members.add(shop.id, Member(0, handle.title(), Permission.MEMBER, handle=handle)) for handle in ("lin", "chen", "wu"))
        uow.commit()
    return kept


def add(database: Database, shop: Workspace, *tasks: Task) -> tuple[Task, ...]:
    with database.write() as uow:
        kept = tuple(uow.tasks.add(shop.id, task, NOW) for task in tasks)
        uow.commit()
    return kept


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements sent inside the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_campaign_comes_back_with_its_phases_in_order(database: Database, shop: Workspace) -> None:
    with database.write() as uow:
        kept = uow.campaigns.add(shop.id, replace(CAMPAIGN, phases=tuple(reversed(PHASES))))
        uow.commit()
    with database.read() as uow:
        assert uow.campaigns.all(shop.id) == (kept,)
        assert uow.campaigns.get(shop.id, kept.id) == kept
        assert uow.campaigns.has(shop.id, "618")
    assert kept.phases == PHASES


def test_a_campaign_of_another_workspace_is_not_found(database: Database, shop: Workspace) -> None:
    with database.write() as uow:
        other = uow.workspaces.add(replace(shop, name="Other"), NOW)
        kept = uow.campaigns.add(shop.id, CAMPAIGN)
        uow.commit()
    with database.read() as uow:
        assert uow.campaigns.all(other.id) == ()
        assert not uow.campaigns.has(other.id, "618")
        with pytest.raises(LookupError):
            uow.campaigns.get(other.id, kept.id)


def test_a_task_keeps_everything_and_its_owners_order(database: Database, shop: Workspace, people: tuple[Member, ...]) -> None:
    lin, chen, wu = people
    with database.write() as uow:
        campaign = uow.campaigns.add(shop.id, CAMPAIGN)
        uow.commit()
    written = Task(0, 0, "备货 <!channel>", (wu.id, lin.id, chen.id), TODAY, date(2024, 6, 9), campaign.id, "prepare", "stock ≥ 1.5 × sales")
    (kept,) = add(database, shop, written)
    with database.read() as uow:
        assert uow.tasks.numbered(shop.id, kept.number) == kept
    assert kept == replace(written, id=kept.id, number=1)


def test_numbers_count_up_in_each_workspace_by_itself(database: Database, shop: Workspace) -> None:
    with database.write() as uow:
        other = uow.workspaces.add(replace(shop, name="Other"), NOW)
        uow.commit()
    first, second = add(database, shop, Task(0, 0, "a", ()), Task(0, 0, "b", ()))
    (elsewhere,) = add(database, other, Task(0, 0, "c", ()))
    assert (first.number, second.number, elsewhere.number) == (1, 2, 1)
    with database.read() as uow:
        assert uow.tasks.numbered(other.id, 2) is None


def test_threads_that_add_at_once_get_numbers_without_gap_or_double(database: Database, shop: Workspace) -> None:
    with ThreadPoolExecutor(6) as pool:
        added = list(pool.map(lambda place: add(database, shop, Task(0, 0, f"task {place}", ()))[0].number, range(30)))
    assert sorted(added) == list(range(1, 31))


def test_of_two_who_finish_at_once_one_alone_is_told_so(database: Database, shop: Workspace, people: tuple[Member, ...]) -> None:
    (kept,) = add(database, shop, Task(0, 0, "a", ()))

    def finish(member: Member) -> bool:
        with database.write() as uow:
            won = uow.tasks.finish(shop.id, kept.number, member.id, NOW, member.handle)
            uow.commit()
        return won

    with ThreadPoolExecutor(3) as pool:
        outcomes = dict(zip(people, pool.map(finish, people), strict=True))
    (winner,) = [member for member, won in outcomes.items() if won]
    with database.read() as uow:
        task = uow.tasks.numbered(shop.id, kept.number)
    assert task == replace(kept, state=TaskState.DONE, done_at=NOW, done_by=winner.id, note=winner.handle)


def test_a_task_read_before_it_is_finished_is_new_when_read_again(database: Database, shop: Workspace, people: tuple[Member, ...]) -> None:
    (kept,) = add(database, shop, Task(0, 0, "a", ()))
    with database.write() as uow:
        assert uow.tasks.numbered(shop.id, kept.number) == kept
        uow.tasks.finish(shop.id, kept.number, people[0].id, NOW, "")
        again = uow.tasks.numbered(shop.id, kept.number)
    assert again is not None
    assert (again.state, again.done_at) == (TaskState.DONE, NOW)


def test_a_query_finds_and_counts_what_it_asks_for(database: Database, shop: Workspace, people: tuple[Member, ...]) -> None:
    lin, chen, _ = people
    with database.write() as uow:
        campaign = uow.campaigns.add(shop.id, CAMPAIGN).id
        uow.commit()
    add(
        database,
        shop,
        Task(0, 0, "undated", (lin.id,)),
        Task(0, 0, "later", (lin.id, chen.id), due=date(2024, 6, 20), campaign=campaign),
        Task(0, 0, "late", (chen.id,), due=date(2024, 6, 3)),
        Task(0, 0, "today", (), due=TODAY),
        Task(0, 0, "done", (lin.id,), due=date(2024, 6, 1), state=TaskState.DONE, done_at=NOW, done_by=lin.id),
    )
    expected = {
        TaskQuery(): ["done", "late", "today", "later", "undated"],
        TaskQuery(TaskState.OPEN): ["late", "today", "later", "undated"],
        TaskQuery(TaskState.DONE): ["done"],
        TaskQuery(TaskState.OPEN, owner=lin.id): ["later", "undated"],
        TaskQuery(campaign=campaign): ["later"],
        TaskQuery(TaskState.OPEN, due_before=TODAY): ["late"],
    }
    with database.read() as uow:
        assert {query: [task.title for task in uow.tasks.find(shop.id, query)] for query in expected} == expected
        assert {query: uow.tasks.count(shop.id, query) for query in expected} == {query: len(titles) for query, titles in expected.items()}
        assert [task.title for task in uow.tasks.find(shop.id, TaskQuery(), limit=2)] == ["done", "late"]


def test_each_campaign_counts_its_own_tasks(database: Database, shop: Workspace, people: tuple[Member, ...]) -> None:
    with database.write() as uow:
        first, second, empty = (uow.campaigns.add(shop.id, replace(CAMPAIGN, code=code)).id for code in ("a", "b", "c"))
        uow.commit()
    done = Task(0, 0, "done", (), campaign=first, state=TaskState.DONE, done_at=NOW, done_by=people[0].id)
    add(database, shop, done, Task(0, 0, "open", (), campaign=first), Task(0, 0, "open", (), campaign=second), Task(0, 0, "stray", ()))
    with database.read() as uow:
        counts = uow.tasks.counts(shop.id)
    assert counts == {first: (1, 2), second: (0, 1)}
    assert empty not in counts


def test_many_tasks_and_campaigns_take_as_many_queries_as_one(database: Database, shop: Workspace, people: tuple[Member, ...]) -> None:
    add(database, shop, *(Task(0, 0, f"task {place}", tuple(member.id for member in people)) for place in range(20)))
    with database.write() as uow:
        for place in range(5):
            uow.campaigns.add(shop.id, replace(CAMPAIGN, code=f"c{place}"))
        uow.commit()
    with counted(database.engine) as sent, database.read() as uow:
        assert len(uow.tasks.find(shop.id, TaskQuery())) == 20
        assert len(uow.campaigns.all(shop.id)) == 5
    assert len([statement for statement in sent if statement.startswith("SELECT")]) == 4
