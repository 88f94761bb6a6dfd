"""How does a test say an order file in a few words?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from core.clock import FixedClock
from core.domain.imports import ImportKind, ImportResult
from core.domain.moments import Moment, business_time
from core.domain.periods import CALENDAR_GRAINS, Grain
from core.domain.readings import Known
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.services.imports import ONLY, Attempt, Given, Importer, Progress, silent
from core.storage.unit_of_work import Database

HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"
NOW = datetime(2024, 6, 4, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order file."""

    invoice: str
    day: str
    quantity: int = 1
    price: str = "10.00"
    customer: str = "C1"
    sku: str = "MB001"
    time: str = "10:00:00"

    def row(self) -> str:
        return f"{self.invoice},{self.sku},Thing,{self.quantity},{self.day} {self.time},{self.price},{self.customer},China"


@dataclass
class Shop:
    """A workspace that files come into."""

    database: Database
    workspace: Workspace
    member: Member
    clock: FixedClock

    def moment(self) -> Moment:
        return business_time(self.workspace, self.clock.now())

    def take(
        self, lines: Iterable[Line], progress: Progress = silent, column_map: dict[str, str] | None = None, attempt: Attempt = ONLY
    ) -> ImportResult:
        content = "\n".join([HEADER, *(line.row() for line in lines)]).encode()
        importer = Importer(self.database, self.workspace, self.member, self.moment(), self.clock)
        return importer.keep(Given(content, "orders.csv", column_map or {}), ImportKind.ORDERS, replace(attempt, progress=progress))

    def figures(self) -> dict[tuple[str, Grain, date], Known]:
        """Everything that is known."""
        with self.database.read() as uow:
            window = uow.readings.window(self.workspace.id, CALENDAR_GRAINS, date(2020, 1, 1), date(2030, 1, 1), FAR_AHEAD)
        return {(metric, grain, day): known for (metric, grain), days in window.calendar.items() for day, known in days.items()}

    def value(self, metric: str, day: date, grain: Grain = Grain.DAY) -> Decimal | None:
        known = self.figures().get((metric, grain, day))
        return None if known is None else known.value

    def closed(self) -> frozenset[date]:
        with self.database.read() as uow:
            return uow.readings.closed(self.workspace.id, date(2020, 1, 1), date(2030, 1, 1))


def open_shop(database: Database, name: str = "Tea shop") -> Shop:
    with database.write() as uow:
        workspace = uow.workspaces.add(Workspace(0, name, Locale.EN, "Asia/Shanghai", "CNY", "CN"), NOW)
        member = uow.members.add(workspace.id, Member(0, "Lin", Permission.ADMIN, handle="lin"))
        uow.commit()
    return Shop(database, workspace, member, FixedClock(NOW))
