"""Do tasks and campaigns come in the order in which they press?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.domain.agenda import TaskFilter, TaskQuery, agenda, campaign_progress, due_and_overdue_by_owner, query_for
from core.domain.campaigns import Campaign, Flaw, Phase, PhaseKind, Task, TaskState, current_campaign, flaw, stage_on
from tests.campaign_618 import CAMPAIGN, PHASES

TODAY = date(2024, 6, 4)
LIN, CHEN = 1, 2


def task(number: int, days: int | None, *owners: int, state: TaskState = TaskState.OPEN, phase: str = "", campaign: int | None = None) -> Task:
    due = None if days is None else TODAY + timedelta(days=days)
    return Task(number, number, f"Task {number}", owners, due=due, state=state, phase=phase, campaign=campaign)


TASKS = st.lists(
    st.builds(
        task,
        st.integers(1, 99),
        st.none() | st.integers(-20, 20),
        st.sampled_from([LIN, CHEN]),
        state=st.sampled_from(TaskState),
    ),
    unique_by=lambda item: item.number,
)


@given(TASKS)
def test_an_agenda_holds_every_open_task_once_and_no_other(tasks: list[Task]) -> None:
    parts = agenda(tasks, TODAY).urgent
    assert sorted(item.number for item in parts) == sorted(item.number for item in tasks if item.state is TaskState.OPEN)


def test_an_agenda_parts_tasks_at_today_and_in_seven_days() -> None:
    parts = agenda([task(1, None), task(2, 8), task(3, 7), task(4, 0), task(5, -1), task(6, -3), task(7, 1)], TODAY)
    assert [item.number for item in parts.overdue] == [6, 5]
    assert [item.number for item in parts.today] == [4]
    assert [item.number for item in parts.soon] == [7, 3]
    assert [item.number for item in parts.later] == [2, 1]


def test_owners_come_in_the_order_of_their_most_pressing_task() -> None:
    groups = due_and_overdue_by_owner([task(1, 0, LIN), task(2, -2, CHEN, LIN), task(3, -1), task(4, 1, LIN)], TODAY)
    assert [group.owner for group in groups] == [CHEN, LIN, None]
    assert [[item.number for item in group.overdue] for group in groups] == [[2], [2], [3]]
    assert [[item.number for item in group.due] for group in groups] == [[], [1], []]


def test_finished_tasks_are_nobodys_worry() -> None:
    assert due_and_overdue_by_owner([task(1, -2, LIN, state=TaskState.DONE)], TODAY) == ()


def test_a_finished_or_undated_task_is_never_late() -> None:
    assert task(1, -3).days_late(TODAY) == 3
    assert task(1, 0).days_late(TODAY) == 0
    assert task(1, None).days_late(TODAY) == 0
    assert task(1, -3, state=TaskState.DONE).days_late(TODAY) == 0


def test_progress_counts_the_campaigns_own_tasks_by_phase() -> None:
    campaign = replace(CAMPAIGN, id=7)
    tasks = [
        task(1, -20, LIN, phase="plan", campaign=7, state=TaskState.DONE),
        task(2, -2, LIN, phase="run", campaign=7),
        task(3, 4, LIN, phase="run", campaign=7, state=TaskState.DONE),
        task(4, -2, LIN, phase="run", campaign=8),
        task(5, 0, LIN, campaign=7),
    ]
    progress = campaign_progress(campaign, tasks, TODAY)
    assert [(item.phase.code, item.done, item.total) for item in progress.phases] == [
        ("plan", 1, 1),
        ("prepare", 0, 0),
        ("run", 1, 2),
        ("review", 0, 0),
    ]
    assert [period.code for period in progress.periods] == ["warmup", "burst", "encore"]
    assert (progress.done, progress.total) == (2, 4)
    assert [item.number for group in progress.late for item in group.overdue] == [2]
    assert all(not group.due for group in progress.late)


def test_the_next_milestone_of_the_618_campaign_is_the_burst() -> None:
    ahead = campaign_progress(CAMPAIGN, [], TODAY).next
    assert ahead is not None
    assert (ahead.phase.code, ahead.day, ahead.begins) == ("burst", date(2024, 6, 10), True)


def test_after_the_last_day_nothing_is_ahead() -> None:
    assert campaign_progress(CAMPAIGN, [], date(2024, 6, 30)).next is None


def test_a_day_lies_in_its_phase_and_then_in_its_selling_period() -> None:
    assert [phase.code for phase in stage_on(CAMPAIGN, TODAY)] == ["run", "warmup"]
    assert [phase.code for phase in stage_on(CAMPAIGN, date(2024, 5, 12))] == ["prepare"]


def test_the_campaign_meant_is_the_one_under_way_then_the_next_then_the_last() -> None:
    later = Campaign(2, "1111", "双11", date(2024, 11, 1), date(2024, 11, 11))
    both = [later, CAMPAIGN]
    assert current_campaign(both, date(2024, 5, 3)) is CAMPAIGN, "its planning has begun"
    assert current_campaign(both, date(2024, 7, 1)) is later
    assert current_campaign(both, date(2025, 1, 1)) is later
    assert current_campaign([], TODAY) is None


def test_the_template_campaign_has_no_flaw() -> None:
    assert flaw(CAMPAIGN) is None


def test_each_flaw_of_a_plan_is_named() -> None:
    outside = Phase("encore2", PhaseKind.PERIOD, "返场", date(2024, 6, 19), date(2024, 6, 20))
    backwards = Phase("odd", PhaseKind.PHASE, "Odd", date(2024, 6, 2), date(2024, 6, 1))
    assert flaw(replace(CAMPAIGN, end=date(2024, 5, 1))) is Flaw.DATES
    assert flaw(replace(CAMPAIGN, phases=(backwards,))) is Flaw.PHASE_DATES
    assert flaw(replace(CAMPAIGN, phases=(*PHASES, outside))) is Flaw.PERIOD_OUTSIDE
    assert flaw(replace(CAMPAIGN, phases=(PHASES[0], PHASES[0]))) is Flaw.REPEATED


def test_each_filter_asks_for_what_it_says() -> None:
    assert query_for(TaskFilter.OPEN, LIN, TODAY) == TaskQuery(TaskState.OPEN)
    assert query_for(TaskFilter.DONE, LIN, TODAY) == TaskQuery(TaskState.DONE)
    assert query_for(TaskFilter.OVERDUE, LIN, TODAY) == TaskQuery(TaskState.OPEN, due_before=TODAY)
    assert query_for(TaskFilter.MINE, LIN, TODAY, 7) == TaskQuery(TaskState.OPEN, owner=LIN, campaign=7)
    assert query_for(TaskFilter.ALL, LIN, TODAY) == TaskQuery()
