"""/ops import: how does a file of orders or figures come in, and what came of it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.domain.imports import ImportKind, ImportResult
from core.domain.workspaces import Locale, Permission
from core.errors import Busy, Reason, SendError, UserError
from core.messages.cards.imports import ask_card, preview_card, refusal, result_card
from core.messages.codec import dump
from core.messages.model import Message
from core.storage.repositories.chat import OfferedFile, StoredFile
from core.storage.unit_of_work import UnitOfWork
from handlers.kernel.arguments import Arguments, Confirmed
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.kpi.viewer import viewer_of

if TYPE_CHECKING:
    from core.services.imports import Given

REASONS = 3


class ImportArguments(Arguments):
    """Which file, what it holds, and which header is which field of an order; what is not said is guessed. `map` holds `header=field` pairs."""

    file: str = ""
    kind: ImportKind | None = None
    map: str = ""
    confirmed: Confirmed = ""
    invoice: str = ""
    at: str = ""
    quantity: str = ""
    price: str = ""
    sku: str = ""
    title: str = ""
    customer: str = ""
    country: str = ""
    channel: str = ""
    category: str = ""


FIELDS = tuple(name for name in ImportArguments.model_fields if name not in ("file", "kind", "map", "confirmed"))


@command("ops import", zh="运营 导入", permission=Permission.MEMBER, changes=True, slow=True, asks=False, private=True)
def import_(context: Context, arguments: ImportArguments) -> Message:
    """Shows what the file seems to hold; once that is confirmed, keeps it."""
    if not arguments.file:
        return ask_card(context.locale)
    # Readers of files take a twentieth of a second to load, which no other command should pay.
    from core.services.imports import Given, preview

    file = _file(context, arguments.file)
    context.uow.release()
    context.alive()
    given = Given(file.content, file.name, _column_map(arguments))
    seen = preview(given, arguments.kind)
    unnamed = [name for name in seen.required if not seen.columns[name]]
    if not arguments.confirmed or unnamed:
        return preview_card(seen, file.ref, context.locale, unnamed if arguments.confirmed else ())
    context.alive()
    result = _imported(context, given, seen.kind)
    if not result.kept:
        raise _nothing_kept(result, context.locale)
    return result_card(result, viewer_of(context))


def _nothing_kept(result: ImportResult, locale: Locale) -> UserError:
    """Says that a file brought nothing, with the first reasons why."""
    if not result.rejected:
        return UserError("imports.empty", field="file", file=result.filename)
    reasons = " ".join(refusal(rejected, locale) for rejected in result.rejected[:REASONS])
    return UserError("imports.nothing_kept", field="file", file=result.filename, reasons=reasons)


def _imported(context: Context, given: Given, kind: ImportKind) -> ImportResult:
    from core.services.imports import Attempt, Importer

    request = context.request
    attempt = Attempt(
        request=f"{request.platform}/{request.tenant}/{request.key}",
        settle=lambda uow, result: _settle(context, uow, result),
        progress=lambda _done, _total: context.alive(),
    )
    return Importer(context.database, context.workspace, context.member, context.moment, context.clock).keep(given, kind, attempt)


def _settle(context: Context, uow: UnitOfWork, result: ImportResult) -> None:
    """Keeps the answer with the change, so that an attempt that comes after this one tells of it in place of trying again."""
    if not uow.inbox.claim(context.workspace.id, context.request, context.now):
        raise Busy
    uow.inbox.settle(context.request, dump(result_card(result, viewer_of(context))))


def _file(context: Context, ref: str) -> StoredFile:
    """The file that the person may see, fetched from where it was shared if need be. Raises UserError."""
    found = context.uow.files.get(ref) or context.uow.files.offered(ref)
    if found is None or found.workspace != context.workspace.id or found.visible_to not in (None, context.member.id):
        raise UserError("imports.file_gone", field="file")
    return _fetched(context, found) if isinstance(found, OfferedFile) else found


def _fetched(context: Context, offered: OfferedFile) -> StoredFile:
    context.uow.release()
    try:
        content = context.fetch(offered.binding, offered.origin)
    except SendError as error:
        key = "imports.too_large" if error.reason is Reason.TOO_LARGE else "imports.unfetched"
        raise UserError(key, field="file", file=offered.name) from error
    with context.database.write() as uow:
        uow.files.fill(offered.ref, content)
        uow.commit()
    return StoredFile(offered.ref, offered.workspace, offered.name, offered.media_type, content, offered.visible_to)


def _column_map(arguments: ImportArguments) -> dict[str, str]:
    """Field by header, from the form and from `map`."""
    chosen = dict(_pair(part) for part in arguments.map.replace("，", ",").split(",") if part.strip())
    for name in FIELDS:
        header = getattr(arguments, name)
        if header and chosen.get(header, name) != name:
            raise UserError("imports.column_twice", field=name, column=header)
        if header:
            chosen[header] = name
    return chosen


def _pair(part: str) -> tuple[str, str]:
    header, sign, name = part.rpartition("=")
    if not sign or not header.strip() or not name.strip():
        raise UserError("imports.map_unreadable", field="map", typed=part.strip())
    return header.strip(), name.strip()
