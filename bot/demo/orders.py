"""How does the bot look on real orders? A wholesaler's, with what they tell alone: traffic, advertising and service are not made up for it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from core.domain.deliveries import Kind
from core.domain.imports import ImportKind
from core.domain.moments import business_time
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.i18n.texts import text
from core.ports import Clock
from core.services.imports import Attempt, Given, Importer, Progress, silent
from core.services.schedules import MORNING, set_schedule
from core.services.workspaces import create
from core.storage.unit_of_work import Database

MORNING_OF = datetime(2010, 12, 9, 8, 55, tzinfo=UTC)
LOCALE = Locale.EN


def load_demo_orders(database: Database, clock: Clock, file: Path, progress: Progress = silent) -> Workspace:
    """Makes the workspace, unless an earlier loading did, and imports the file of orders into it. Raises UserError for a file without orders."""
    workspace, owner = _there(database) or _made(database, clock)
    importer = Importer(database, workspace, owner, business_time(workspace, clock.now()), clock)
    importer.keep(Given(file, file.name), ImportKind.ORDERS, Attempt(progress=progress))
    with database.read() as uow:
        return uow.workspaces.get(workspace.id)


def _there(database: Database) -> tuple[Workspace, Member] | None:
    with database.read() as uow:
        workspace = uow.workspaces.named(text(LOCALE, "demo.orders.shop"))
        owner = uow.workspaces.owner(workspace.id) if workspace else None
        return (workspace, uow.members.get(workspace.id, owner)) if workspace and owner else None


def _made(database: Database, clock: Clock) -> tuple[Workspace, Member]:
    shop = Workspace(0, text(LOCALE, "demo.orders.shop"), LOCALE, "Europe/London", "GBP", "GB", demo=True, frozen_at=MORNING_OF)
    with database.write() as uow:
        workspace, owner, ops = create(uow, shop, _owner(), clock.now())
        set_schedule(uow, workspace, Kind.DIGEST, ops, MORNING, owner.id, business_time(workspace, clock.now()))
        uow.commit()
    return workspace, owner


def _owner() -> Member:
    return Member(0, text(LOCALE, "demo.orders.owner"), Permission.ADMIN, text(LOCALE, "demo.orders.title"), "owner")
