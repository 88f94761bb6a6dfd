"""How does a team begin, and how are its settings changed?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import available_timezones

from core.domain.moments import Moment
from core.domain.quantities import CURRENCIES
from core.domain.workspaces import Channel, Locale, Member, Permission, Workspace
from core.errors import UserError
from core.services.schedules import replan, replan_days
from core.sources.calendars import normalised
from core.storage.unit_of_work import UnitOfWork

WEB = "web"


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings to change; None leaves as it is."""

    name: str | None = None
    locale: Locale | None = None
    timezone: str | None = None
    currency: str | None = None
    calendar: str | None = None
    opened_on: date | None = None
    newcomers: Permission | None = None


def create(uow: UnitOfWork, workspace: Workspace, owner: Member, at: datetime) -> tuple[Workspace, Member, Channel]:
    """A new workspace with its owner, an admin, at home in the playground: #ops and a direct message. Raises UserError for settings that are none."""
    wanted = Settings(workspace.name, workspace.locale, workspace.timezone, workspace.currency, workspace.calendar)
    checked = _checked(workspace, wanted)
    _free(uow, checked.name)
    kept = uow.workspaces.add(checked, at)
    uow.places.bind(kept.id, WEB, str(kept.id))
    admin = join(uow, kept, replace(owner, permission=Permission.ADMIN))
    uow.workspaces.set_owner(kept.id, admin.id)
    return kept, admin, add_channel(uow, kept, "ops")


def join(uow: UnitOfWork, workspace: Workspace, member: Member) -> Member:
    """A new person of the workspace, who can be spoken with in the playground."""
    kept = uow.members.add(workspace.id, member)
    binding = _web(uow, workspace)
    uow.members.link(workspace.id, kept.id, binding, str(kept.id))
    uow.places.add_channel(workspace.id, Channel(0, binding, f"dm-{kept.id}", kept.name, direct_to=kept.id))
    return kept


def add_channel(uow: UnitOfWork, workspace: Workspace, name: str) -> Channel:
    """A new channel of the playground."""
    return uow.places.add_channel(workspace.id, Channel(0, _web(uow, workspace), name, name))


def change(uow: UnitOfWork, workspace: Workspace, wanted: Settings, moment: Moment) -> Workspace:
    """The workspace with the wanted settings, kept. Each is checked before any is kept. Raises UserError."""
    if wanted == Settings():
        raise UserError("ops.settings.nothing")
    changed = _checked(workspace, wanted)
    if changed.name != workspace.name:
        _free(uow, changed.name)
    uow.workspaces.save(changed)
    if changed.timezone != workspace.timezone:
        replan(uow, workspace, changed, moment)
    elif changed.calendar != workspace.calendar:
        replan_days(uow, changed, moment)
    return changed


def speak(uow: UnitOfWork, workspace: Workspace, member: Member, locale: Locale) -> None:
    """Sets the language of one person."""
    uow.members.save(workspace.id, replace(member, locale=locale))


def _web(uow: UnitOfWork, workspace: Workspace) -> int:
    binding = uow.places.binding(WEB, str(workspace.id))
    if binding is None:
        raise LookupError(f"workspace {workspace.id} has no playground")
    return binding[0]


def _checked(workspace: Workspace, wanted: Settings) -> Workspace:
    return replace(
        workspace,
        name=_name(wanted.name) if wanted.name is not None else workspace.name,
        locale=wanted.locale or workspace.locale,
        timezone=_timezone(wanted.timezone) if wanted.timezone else workspace.timezone,
        currency=_currency(wanted.currency) if wanted.currency else workspace.currency,
        calendar=normalised(wanted.calendar) if wanted.calendar else workspace.calendar,
        opened_on=wanted.opened_on or workspace.opened_on,
        newcomers=wanted.newcomers or workspace.newcomers,
    )


def _free(uow: UnitOfWork, name: str) -> None:
    if uow.workspaces.named(name) is not None:
        raise UserError("ops.settings.name_taken", field="name", name=name)


def _name(name: str) -> str:
    if not 1 <= len(name.strip()) <= 80:
        raise UserError("ops.settings.name", field="name")
    return name.strip()


def _timezone(name: str) -> str:
    by_folded = {zone.casefold(): zone for zone in available_timezones()}
    found = by_folded.get(name.strip().casefold())
    if found is None:
        raise UserError("ops.settings.timezone", field="timezone", typed=name)
    return found


def _currency(code: str) -> str:
    if code.strip().upper() not in CURRENCIES:
        raise UserError("ops.settings.currency_unknown", field="currency", typed=code)
    return code.strip().upper()
