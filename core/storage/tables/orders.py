"""How are imported orders kept, so that an import half done is never seen?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Serial


class ImportRow(Base):
    """One run of reading a file. Its invoices count once the state is `live`; `running` with an old `heartbeat` is dead and swept.

    `request` names the act that asked for it, the same for every attempt.
    """

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    source: Mapped[str]
    filename: Mapped[str]
    state: Mapped[str]
    member_id: Mapped[int | None]
    started_at: Mapped[datetime]
    heartbeat: Mapped[datetime]
    live_at: Mapped[datetime | None]
    request: Mapped[str | None]


class InvoiceRow(Base):
    """One invoice as one import gave it. `customer` is a pseudonym. `superseded_by` is the import that replaced it.

    `id` is the import's id and the invoice's place in the import, so that rows and their lines are written without asking the database for
    keys, and an import's rows lie side by side. `replaces` is the id of the invoice that steps back when the import becomes live.
    `fingerprint` tells whether an invoice that comes again says anything new. `gross`, `refunds` and `units` sum its lines up.
    """

    __tablename__ = "invoices"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    source: Mapped[str]
    number: Mapped[str]
    kind: Mapped[str]
    day: Mapped[date]
    at: Mapped[datetime]
    customer: Mapped[str | None]
    channel: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    gross: Mapped[Decimal]
    refunds: Mapped[Decimal]
    units: Mapped[Decimal]
    fingerprint: Mapped[bytes]
    replaces: Mapped[int | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))

    __table_args__ = (
        Index(None, "workspace_id", "day"),
        Index(None, "workspace_id", "source", "number"),
        Index(None, "superseded_by"),
    )


class InvoiceLineRow(Base):
    """One line of an invoice; identical lines are real."""

    __tablename__ = "invoice_lines"

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    workspace_id: Mapped[int]
    sku: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    quantity: Mapped[Decimal]
    price: Mapped[Decimal]

    __table_args__ = ({"sqlite_with_rowid": False},)
