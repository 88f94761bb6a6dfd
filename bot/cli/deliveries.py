"""What became of what goes out by itself? The list of /ops deliveries, for operators."""

from __future__ import annotations

from datetime import date

from bot.cli.run import Exit, Run, chosen_workspace, leave
from core.domain.day_words import DayError
from core.domain.days import parse_day
from core.domain.moments import Moment, business_time
from core.domain.receipts import Listed, Wish
from core.messages.cards.deliveries import list_card
from core.messages.cards.task_words import Reader
from core.services.receipts import listed


def deliveries(run: Run, day: str | None, workspace: str | None, *, failed: bool) -> None:
    """Prints the workspace's deliveries of a day, today's unless said, or those of the last 14 days that went wrong."""
    house = run.house()
    team = chosen_workspace(house, workspace)
    run.locale = house.locale or team.locale
    moment = business_time(team, house.clock.now(), run.now)
    wish = Wish() if failed else Wish(day=_day(day, moment))
    with house.database.read() as uow:
        found = listed(uow, team, wish, moment)
    run.say(list_card(found, Reader(run.locale, moment.today, team.zone, {}), moment.instant))
    run.data["deliveries"] = _told(found)


def _day(typed: str | None, moment: Moment) -> date:
    try:
        return moment.today if typed is None else parse_day(typed, moment.today, toward="past")
    except DayError:
        leave(Exit.USAGE, f"{typed} is no day. Write a date such as 2024-06-03.")


def _told(found: Listed) -> list[dict[str, object]]:
    return [
        {
            "schedule": f"S-{slot.schedule.number}",
            "kind": slot.delivery.kind.value,
            "channel": slot.channel.name if slot.channel else None,
            "due_at": slot.delivery.due_at.isoformat(),
            "state": slot.delivery.state.value,
            "reason": slot.delivery.reason,
            "link": slot.delivery.link,
        }
        for slot in found.slots
    ]
