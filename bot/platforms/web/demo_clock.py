"""To which instant does a press on the demo's clock lead?"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from core.domain.moments import Moment
from core.errors import UserError

MORNING = time(9)
LONGEST_DAYS = 92


def stepped(moment: Moment, to: str) -> datetime:
    """The local instant for `next` (the coming 09:00), `day` (the same time tomorrow) or a date as ISO (its 09:00).

    Raises UserError for what is no date, lies behind, or is further ahead than 92 days.
    """
    match to:
        case "next":
            return _morning(moment, moment.today if moment.local.time() < MORNING else moment.today + timedelta(days=1))
        case "day":
            return datetime.combine(moment.today + timedelta(days=1), moment.local.time(), moment.local.tzinfo)
        case _:
            return _chosen(moment, to)


def _chosen(moment: Moment, written: str) -> datetime:
    try:
        target = _morning(moment, date.fromisoformat(written))
    except ValueError as error:
        raise UserError("web.clock.not_a_date") from error
    if target <= moment.local:
        raise UserError("web.clock.behind")
    if target.date() > moment.today + timedelta(days=LONGEST_DAYS):
        raise UserError("web.clock.too_far", days=LONGEST_DAYS)
    return target


def _morning(moment: Moment, day: date) -> datetime:
    return datetime.combine(day, MORNING, moment.local.tzinfo)
