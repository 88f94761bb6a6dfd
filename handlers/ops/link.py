"""/ops link: how do I tell the bot that I am the same person on two platforms?"""

from __future__ import annotations

from core.domain.links import Linking
from core.domain.workspaces import Permission
from core.messages.cards.home import home_subject
from core.messages.cards.people import code_card, linked_card, not_linked_card
from core.messages.cards.task_words import mine_subject
from core.messages.model import Message
from core.services.cards import touch
from core.services.links import give_code, type_code
from handlers.kernel.arguments import Arguments
from handlers.kernel.command import command
from handlers.kernel.context import Context


class LinkArguments(Arguments):
    """Nothing to be given a code; the code, on the other platform."""

    code: str = ""


@command("ops link", zh="运营 关联", permission=Permission.VIEWER, changes=True, private=True)
def link(context: Context, arguments: LinkArguments) -> Message:
    """Gives a code, or takes one. A wrong code is an answer and no mistake: it is counted, which a mistake would undo."""
    if not arguments.code.strip():
        return code_card(give_code(context.uow, context.workspace, context.member, context.now), context.locale)
    outcome, member = type_code(context.uow, context.workspace, context.member, context.binding, arguments.code, context.now)
    if outcome is Linking.JOINED:
        # What stood as the list of one account alone is of both now.
        touch(context.uow, context.workspace, [mine_subject(member.id), home_subject(member.id)], context.moment, context.now)
    if outcome in (Linking.JOINED, Linking.ALREADY):
        return linked_card(member, context.locale)
    return not_linked_card(outcome.value, context.locale)
