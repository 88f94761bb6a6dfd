"""How does a file come in from the terminal? Through the same services as one dropped into the chat, with a progress bar."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.cli.progress import bar
from bot.cli.run import Exit, Run, chosen, leave, readable
from core.domain.imports import ImportKind
from core.domain.moments import business_time
from core.domain.workspaces import Permission
from core.messages.cards.imports import result_card
from core.messages.cards.kpi_words import Viewer
from core.messages.tokens import signed
from core.services.imports import Attempt, Given, Importer, kind_of


def import_file(run: Run, file: Path, kind: ImportKind | None, columns: Mapping[str, str], workspace: str | None, person: str | None) -> None:
    """Imports the file and prints what was kept, and what was not by line and reason. Exit code 3 when nothing could be kept."""
    readable(file)
    house = run.house()
    team, member = chosen(run, house, workspace, person)
    if member.permission < Permission.MEMBER:
        leave(Exit.MISTAKE, f"{member.name} may only look. Name somebody else with --as.")
    moment = business_time(team, house.clock.now(), house.now)
    importer = Importer(house.database, team, member, moment, house.clock)
    kind = kind or kind_of(file, file.name)
    with bar(run) as progress:
        result = importer.keep(Given(file, file.name, columns), kind, Attempt(progress=progress))
    run.say(signed(result_card(result, Viewer(run.locale, moment.today, team.currency)), team.id, house.signer))
    run.data |= {"rows": result.rows, "kept": result.kept, "partly": result.partly, "rejected": result.unused}
    run.data |= {"invoices": result.invoices, "days": result.days, "outweighed": result.outweighed_count}
    if not result.kept:
        run.finish_with(Exit.MISTAKE)
