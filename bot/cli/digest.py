"""What did the digest of a morning say? Printed, or as a picture, a page or JSON in a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.cli.run import Exit, Run, chosen, leave
from bot.house import House
from core.domain.day_words import DayError
from core.domain.days import parse_day
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
    if out is not None and out.suffix.lower() not in FORMATS:
        leave(Exit.USAGE, f"--out takes a file that ends in {', '.join(FORMATS)}, not {out.name}.")
    house = run.house(locale)
    team, _ = chosen(run, house, workspace, person)
    message = _message(house, team, day, run.locale)
    if out is None or run.as_json:
        run.say(message)
    if out is not None:
        _write(out, _content(message, out.suffix.lower()))
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


def _content(message: Message, suffix: str) -> bytes:
    match suffix:
        case ".json":
            return json.dumps({"messages": [as_json(message)], "data": {}}, ensure_ascii=False, indent=2).encode()
        case ".png":
            picture = next(iter(_pictures(message).values()), None)
            return picture or leave(Exit.MISTAKE, "There is nothing to draw yet: no figures are known.")
        case _:
            from bot.platforms.web.page import standalone

            return standalone(message, _pictures(message)).encode()


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        leave(Exit.USAGE, f"{out} cannot be written: {error.strerror}.")


def _pictures(message: Message) -> Mapping[str, bytes]:
    from bot.renderer import DirectRenderer

    return {block.name: DirectRenderer().draw(block) for block in message.blocks if isinstance(block, Chart)}
