"""What did the digest of a morning say? Printed, or as a picture, a page or JSON in a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.cli.run import Exit, Run, chosen_member, chosen_workspace, leave
from bot.house import House
from core.domain.days import DayError, parse_day
from core.domain.moments import business_time
from core.domain.workspaces import Locale, Workspace
from core.messages.codec import as_json
from core.messages.model import Chart, Message
from core.messages.tokens import signed
from core.services.digest import digest_message
from handlers.ops.digest import morning_of

FORMATS = (".png", ".html", ".json")


def digest(run: Run, day: str | None, out: Path | None, locale: Locale | None, workspace: str | None, person: str | None) -> None:
    """Makes the digest of the day's morning, as known at 09:00 that day, or now when that is today."""
    if out is not None and out.suffix not in FORMATS:
        leave(Exit.USAGE, f"--out takes a file that ends in {', '.join(FORMATS)}, not {out.name}.")
    house = run.house(locale)
    team = chosen_workspace(house, workspace)
    member = chosen_member(house, team, person)
    message = _message(house, team, day, locale or member.locale or team.locale)
    if out is None:
        run.say(message)
    else:
        _write(message, out)
        run.tell(f"Wrote {out}.", file=str(out))


def _message(house: House, team: Workspace, day: str | None, locale: Locale) -> Message:
    present = business_time(team, house.clock.now(), house.now)
    moment = morning_of(team, present, _date(day, present.today) if day else None)
    with house.database.read() as uow:
        return signed(digest_message(uow, team, moment, locale), team.id, house.signer)


def _date(written: str, today: date) -> date:
    try:
        return parse_day(written, today, toward="past")
    except DayError:
        leave(Exit.USAGE, f"--date takes a date such as 2024-06-04, not {written}.")


def _write(message: Message, out: Path) -> None:
    match out.suffix:
        case ".json":
            out.write_text(json.dumps(as_json(message), ensure_ascii=False, indent=2), encoding="utf-8")
        case ".png":
            picture = next(iter(_pictures(message).values()), None)
            if picture is None:
                leave(Exit.MISTAKE, "There is nothing to draw yet: no figures are known.")
            out.write_bytes(picture)
        case _:
            from bot.platforms.web.page import standalone

            out.write_text(standalone(message, _pictures(message)), encoding="utf-8")


def _pictures(message: Message) -> Mapping[str, bytes]:
    from bot.renderer import DirectRenderer

    return {block.name: DirectRenderer().draw(block) for block in message.blocks if isinstance(block, Chart)}
