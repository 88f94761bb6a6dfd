"""Where can the same conversation be held? One process, and in it a shop of its own for each platform and each way of speaking there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Column, LargeBinary, select

from bot.house import FEISHU, SLACK
from core.clock import FixedClock
from core.storage.base import Base
from core.storage.unit_of_work import Database
from tests.campaign_618 import CAMPAIGN
from tests.feishu_house import secrets_of
from tests.feishu_server import UNLIMITED, App, FeishuServer
from tests.house import Process, Shop, feishu_settings, give_account, open_shop, slack_settings
from tests.seats import Seat
from tests.seats.feishu import FeishuSeat
from tests.seats.slack import SlackSeat
from tests.seats.web import WebSeat
from tests.slack_server import Rules, SlackServer

APPS = {"feishu, alone": App(), "feishu, in a group": replace(App(), app_id="cli_group", bot_open_id="ou_group_bot", encrypt_key="another")}
WAYS: Mapping[str, Literal["command", "direct", "mention"]] = {
    "slack, by command": "command",
    "slack, directly": "direct",
    "slack, by mention": "mention",
}
# What a conversation leaves behind.
KEPT = ("tasks", "task_owners", "readings", "reading_revisions", "targets", "roles", "role_holders", "members", "schedules", "days_off")


@dataclass(frozen=True)
class Stage:
    """A shop, and its people before one platform."""

    shop: Shop
    seats: Mapping[str, Seat]


@contextmanager
def stages(url: str, clock: FixedClock) -> Iterator[Mapping[str, Stage]]:
    """Every way in, by its name; the playground's first."""
    with (
        ExitStack() as open_,
        SlackServer(clock, Rules(burst=1_000, looks=0)) as slack,
        FeishuServer(clock, apps=list(APPS.values()), limits=UNLIMITED) as feishu,
    ):
        home = next(iter(APPS))
        process = Process(url, clock, slack_settings(slack, own=False, oauth=True), feishu_settings(feishu), workspace=home)
        shops = {name: _shop(process.house.database, clock, name) for name in ("web", *WAYS, *APPS)}
        with process:
            slack.carrier.app_url = f"{process.address}/slack/events"
            found = {
                "web": Stage(shops["web"], {handle: WebSeat(process, shops["web"], handle) for handle in shops["web"].people}),
                **{name: Stage(shops[name], _on_slack(process, slack, shops[name], way)) for name, way in WAYS.items()},
                **{name: Stage(shops[name], _on_feishu(process, feishu, shops[name], app, alone=name == home)) for name, app in APPS.items()},
            }
            for seat in (seat for stage in found.values() for seat in stage.seats.values()):
                open_.callback(seat.leave)
            yield found


def _shop(database: Database, clock: FixedClock, name: str) -> Shop:
    shop = open_shop(database, clock, name, demo=True)
    with database.write() as uow:
        uow.campaigns.add(shop.workspace.id, CAMPAIGN)
        uow.commit()
    return shop


def _on_slack(process: Process, slack: SlackServer, shop: Shop, way: Literal["command", "direct", "mention"]) -> dict[str, Seat]:
    team = slack.add_team(shop.workspace.name, way)
    process.house.ties.install(SLACK, team.id, shop.workspace.id, {"bot_token": team.token, "bot_user": team.bot_user}, None)
    people = {handle: slack.add_person(handle, member.name, team) for handle, member in shop.people.items()}
    channel = slack.add_channel("ops", *people.values(), team=team)
    for handle, person in people.items():
        give_account(process.house.database, shop, handle, SLACK, team.id, person.id)
    return {handle: SlackSeat(slack, process, person, channel, way) for handle, person in people.items()}


def _on_feishu(process: Process, feishu: FeishuServer, shop: Shop, app: App, *, alone: bool) -> dict[str, Seat]:
    process.house.ties.install(FEISHU, app.app_id, shop.workspace.id, secrets_of(app), None)
    process.house.feishu_parts.apps.refresh()
    hook = feishu.webhook(f"{process.address}/feishu/events", app)
    people = {handle: feishu.world.add_user(member.name) for handle, member in shop.people.items()}
    group = None if alone else feishu.world.add_group("运营群", list(people.values()), bots=[app.app_id])
    for handle, user in people.items():
        give_account(process.house.database, shop, handle, FEISHU, app.app_id, user.open_id)
    return {handle: FeishuSeat(feishu, process, hook, user, app, group) for handle, user in people.items()}


def left_behind(database: Database, shop: Shop) -> dict[str, list[tuple[str, ...]]]:
    """Every row that is kept of the shop, without ids and times."""
    return {name: _rows(database, shop, name) for name in KEPT}


def _rows(database: Database, shop: Shop, name: str) -> list[tuple[str, ...]]:
    table = Base.metadata.tables[name]
    telling = [column for column in table.columns if _tells(column)]
    with database.engine.connect() as connection:
        found: Sequence[Sequence[object]] = connection.execute(select(*telling).where(table.c.workspace_id == shop.workspace.id)).all()
    return sorted(tuple(map(str, row)) for row in found)


def _tells(column: Column[object]) -> bool:
    """Whether it is neither an id, nor sealed, nor the time at which something was done."""
    named = column.name == "id" or column.name.endswith(("_id", "_by")) or bool(column.foreign_keys)
    timed = column.name.endswith("_at")
    return not named and not timed and not isinstance(column.type, LargeBinary)
