"""What does one find on the first start? A shop with its people, its 618 campaign and a year of figures, on the morning of 2024-06-04."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.demo import campaign, figures, people
from bot.demo.targets import SET_AT, targets
from core.domain.deliveries import Kind
from core.domain.moments import business_time
from core.domain.workspaces import Locale, Workspace
from core.i18n.texts import text
from core.ports import Clock
from core.services.schedules import MORNING, set_schedule
from core.services.workspaces import add_channel, create
from core.storage.unit_of_work import Database

# 08:55 in Shanghai, five minutes before the digest.
MORNING_OF = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)
DEMO_NAMES = tuple(text(locale, "demo.shop") for locale in Locale)


def load_demo(database: Database, clock: Clock, locale: Locale) -> Workspace:
    """Makes the demo workspace in the language, all in one transaction. Raises UserError where its name is taken."""
    shop = Workspace(
        id=0,
        name=text(locale, "demo.shop"),
        locale=locale,
        timezone="Asia/Shanghai",
        currency="CNY",
        calendar="CN",
        demo=True,
        frozen_at=MORNING_OF,
        opened_on=figures.FIRST,
    )
    with database.write() as uow:
        workspace, owner, ops = create(uow, shop, people.director(locale), clock.now())
        add_channel(uow, workspace, "campaign-618")
        team = people.hire(uow, workspace, owner)
        people.appoint(uow, workspace, team, figures.FIRST)
        promotion = campaign.plan(uow, workspace, team)
        uow.targets.put(workspace.id, targets(promotion), team["lin"].id, SET_AT)
        uow.readings.put(workspace.id, figures.made_up(workspace.zone, promotion))
        moment = business_time(workspace, clock.now())
        set_schedule(uow, workspace, Kind.DIGEST, ops, MORNING, owner.id, moment)
        uow.commit()
    return workspace
