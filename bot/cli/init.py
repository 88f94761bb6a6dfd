"""How does a workspace begin? Empty with its owner, or as the demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.cli.run import Exit, Run, leave, readable
from bot.house import House
from core.domain.deliveries import Kind
from core.domain.moments import business_time
from core.domain.workspaces import Channel, Locale, Member, Permission, Workspace
from core.errors import UserError
from core.i18n.texts import text
from core.services import schedules, workspaces
from core.storage.unit_of_work import UnitOfWork

OPTIONS = ("timezone", "currency", "calendar")


@dataclass(frozen=True, slots=True)
class New:
    """What a new workspace is to be."""

    name: str
    locale: Locale
    timezone: str
    currency: str
    calendar: str


def init(run: Run, new: New, *, demo: bool, orders: Path | None) -> None:
    """Makes what is asked for; what is there already is left alone and said so."""
    if not (new.name or demo or orders):
        leave(Exit.USAGE, "Give the workspace a name, or ask for --demo or --demo-orders FILE.")
    if orders:
        readable(orders)
    house = run.house(new.locale)
    if new.name:
        _empty(run, house, new)
    if demo:
        _demo(run, house, new.locale)
    if orders:
        _orders(run, house, orders)


def _empty(run: Run, house: House, new: New) -> None:
    wanted = Workspace(0, new.name, new.locale, new.timezone, new.currency, new.calendar)
    owner = Member(0, text(new.locale, "ops.owner"), Permission.ADMIN, handle="owner")
    with house.database.write() as uow:
        now = house.clock.now()
        workspace, admin, channel = _created(uow, wanted, owner, now)
        schedules.set_schedule(uow, workspace, Kind.DIGEST, channel, schedules.MORNING, admin.id, business_time(workspace, now, house.now))
        uow.commit()
    run.tell(f"Made the workspace {workspace.name}.", workspace=workspace.id)


def _created(uow: UnitOfWork, wanted: Workspace, owner: Member, now: datetime) -> tuple[Workspace, Member, Channel]:
    """The new workspace. Leaves with exit code 2 for an option whose value is none; a name that is taken is a UserError."""
    try:
        return workspaces.create(uow, wanted, owner, now)
    except UserError as error:
        if error.field in OPTIONS:
            leave(Exit.USAGE, text(Locale.EN, error.key, **error.args_))
        raise


def _demo(run: Run, house: House, locale: Locale) -> None:
    from bot.demo.shop import DEMO_NAMES, load_demo

    there = next((workspace for workspace in house.workspaces() if workspace.name in DEMO_NAMES), None)
    workspace = there or load_demo(house.database, house.clock, locale)
    run.tell(f"The demo workspace {workspace.name} is {'there already' if there else 'loaded'}.", demo=workspace.id)


def _orders(run: Run, house: House, file: Path) -> None:
    from bot.cli.progress import bar
    from bot.demo.orders import load_demo_orders

    with bar(run) as progress:
        workspace = load_demo_orders(house.database, house.clock, file, progress)
    run.tell(f"The workspace {workspace.name} is loaded from {file.name}.", orders=workspace.id)
