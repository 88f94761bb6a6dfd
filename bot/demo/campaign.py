"""How does the demo shop run its 618 campaign? The phases of template table 5, and tasks in our own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from core.domain.campaigns import Campaign, Phase, PhaseKind, Task, TaskState
from core.domain.instants import instant_of
from core.domain.workspaces import Locale, Member, Workspace
from core.i18n.texts import text
from core.services.campaigns import create_campaign
from core.services.tasks import create_task
from core.storage.unit_of_work import UnitOfWork

CODE = "618"
LAUNCH, END = date(2024, 5, 26), date(2024, 6, 18)
PHASES = (
    ("plan", PhaseKind.PHASE, date(2024, 5, 1), date(2024, 5, 10)),
    ("prepare", PhaseKind.PHASE, date(2024, 5, 11), date(2024, 5, 25)),
    ("run", PhaseKind.PHASE, LAUNCH, END),
    ("warmup", PhaseKind.PERIOD, LAUNCH, date(2024, 6, 9)),
    ("burst", PhaseKind.PERIOD, date(2024, 6, 10), date(2024, 6, 16)),
    ("encore", PhaseKind.PERIOD, date(2024, 6, 17), END),
    ("review", PhaseKind.PHASE, date(2024, 6, 19), date(2024, 6, 30)),
)
WRITTEN = datetime(2024, 4, 29, 2, tzinfo=UTC)
DONE_AT = time(17, 30)


@dataclass(frozen=True, slots=True)
class Work:
    """One task: its words' key in the catalogue, its phase, its days, the handles of its owners, and the day on which it was done."""

    key: str
    phase: str
    start: date
    due: date
    owners: str
    done: date | None = None


def _may(day: int) -> date:
    return date(2024, 5, day)


def _june(day: int) -> date:
    return date(2024, 6, day)


WORK = (
    Work("goals", "plan", _may(1), _may(6), "lin lu", _may(6)),
    Work("mechanics", "plan", _may(6), _may(8), "zhou", _may(8)),
    Work("approval", "plan", _may(8), _may(10), "zhou shen", _may(10)),
    Work("tech_brief", "prepare", _may(11), _may(17), "zhou gao", _may(17)),
    Work("material", "prepare", _may(13), _may(20), "tang", _may(21)),
    Work("pages", "prepare", _may(13), _may(22), "gao tang", _may(22)),
    Work("copy_check", "prepare", _may(20), _may(23), "cheng zhou", _may(23)),
    Work("stock", "prepare", _may(13), _may(24), "ma", _may(24)),
    Work("streamers", "prepare", _may(15), _may(24), "xu", _may(24)),
    Work("risk_plan", "prepare", _may(20), _may(24), "gao lin", _may(25)),
    Work("launch_check", "run", _may(25), _may(26), "zhou gao", _may(26)),
    Work("dormant", "run", _may(27), _may(31), "xu"),
    Work("first_week", "run", _may(27), _june(2), "lu", _june(2)),
    Work("ad_rework", "run", _may(30), _june(3), "zhou tang"),
    Work("cart_diagnosis", "run", _june(3), _june(4), "lu zhou"),
    Work("restock", "run", _june(1), _june(4), "ma"),
    Work("roster", "run", _june(3), _june(5), "he"),
    Work("rehearsal", "run", _june(4), _june(6), "xu tang"),
    Work("load_test", "run", _june(4), _june(7), "gao"),
    Work("coupons", "run", _june(4), _june(7), "zhou gu"),
    Work("midway", "run", _june(6), _june(7), "lin lu"),
    Work("burst_pages", "run", _june(5), _june(8), "gao tang"),
    Work("burst_stock", "run", _june(5), _june(9), "ma"),
    Work("encore_offer", "run", _june(11), _june(14), "zhou"),
    Work("burst_watch", "run", _june(10), _june(16), "lu gao"),
    Work("close_out", "run", _june(17), _june(18), "lin zhou"),
    Work("returns", "review", _june(19), _june(24), "he ma"),
    Work("accounts", "review", _june(19), _june(24), "gu lu"),
    Work("data_review", "review", _june(19), _june(25), "lu"),
    Work("lessons", "review", _june(24), _june(27), "lin zhou"),
    Work("report", "review", _june(26), _june(30), "lin shen"),
)


def plan(uow: UnitOfWork, workspace: Workspace, people: Mapping[str, Member]) -> Campaign:
    """Keeps the campaign with its tasks."""
    campaign = create_campaign(uow, workspace, _campaign(workspace.locale))
    for work in WORK:
        create_task(uow, workspace, _task(work, campaign, workspace, people), WRITTEN)
    return campaign


def _campaign(locale: Locale) -> Campaign:
    phases = tuple(Phase(code, kind, text(locale, f"demo.phase.{code}"), start, end) for code, kind, start, end in PHASES)
    return Campaign(0, CODE, text(locale, "demo.campaign"), LAUNCH, END, phases)


def _task(work: Work, campaign: Campaign, workspace: Workspace, people: Mapping[str, Member]) -> Task:
    owners = tuple(people[handle].id for handle in work.owners.split())
    return Task(
        id=0,
        number=0,
        title=text(workspace.locale, f"demo.task.{work.key}.title"),
        owners=owners,
        start=work.start,
        due=work.due,
        campaign=campaign.id,
        phase=work.phase,
        standard=text(workspace.locale, f"demo.task.{work.key}.standard"),
        state=TaskState.DONE if work.done else TaskState.OPEN,
        done_at=instant_of(work.done, DONE_AT, workspace.zone) if work.done else None,
        done_by=owners[0] if work.done else None,
    )
