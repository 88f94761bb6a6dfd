"""/ops digest: what should I know this morning, now?"""

from __future__ import annotations

from datetime import date, datetime, time

from core.domain.moments import Moment, business_time
from core.domain.workspaces import Permission, Workspace
from core.errors import UserError
from core.messages.model import Message
from core.services.digest import digest_message
from handlers.kernel.arguments import Arguments, PastDay
from handlers.kernel.command import command
from handlers.kernel.context import Context

MORNING = time(9)


class DigestArguments(Arguments):
    """Which morning's digest; today's, as of now, unless said."""

    day: PastDay | None = None


@command("ops digest", zh="运营 晨报", permission=Permission.VIEWER, slow=True)
def digest(context: Context, arguments: DigestArguments) -> Message:
    """The digest of a morning, as it was known at 09:00 that day."""
    moment = morning_of(context.workspace, context.moment, arguments.day)
    return digest_message(context.uow, context.workspace, moment, context.locale)


def morning_of(workspace: Workspace, present: Moment, day: date | None) -> Moment:
    """09:00 of the day; now when that is today. Raises UserError for a day to come."""
    if day is None or day == present.today:
        return present
    if day > present.today:
        raise UserError("ops.digest.ahead", field="day")
    return business_time(workspace, present.instant, datetime.combine(day, MORNING))
