"""What may a platform's edge ask of the house, beside the answer to an act?"""

from __future__ import annotations

import secrets
from dataclasses import replace

from bot.dispatch import Dispatcher
from bot.lates import Lates
from bot.platforms.seams import OfferedFile
from bot.ties import StoredTies
from core.domain.deliveries import Delivery
from core.domain.moments import business_time
from core.domain.workspaces import Channel, Locale
from core.errors import Denied
from core.messages.model import Message
from core.messages.tokens import Signer, signed
from core.ports import Clock, Invocation, Receipt
from core.services import cards
from core.services.channels import welcomed
from core.storage.repositories import chat
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer
from handlers.reader import reader_of


class HouseDesk:
    """`bot.platforms.seams.Desk` over the database and the dispatcher."""

    def __init__(self, database: Database, clock: Clock, signer: Signer, dispatcher: Dispatcher, ties: StoredTies, lates: Lates) -> None:
        self._database = database
        self._clock = clock
        self._signer = signer
        self._dispatcher = dispatcher
        self._ties = ties
        self._lates = lates

    def dispatch(self, invocation: Invocation) -> Answer:
        return self._dispatcher(invocation)

    def post(self, invocation: Invocation, answer: Answer, standing: Receipt | None = None) -> None:
        self._dispatcher.post(invocation, answer, standing)

    def note(self, invocation: Invocation) -> Delivery | None:
        return self._lates.note(invocation)

    def hold(self, held: Delivery) -> Delivery | None:
        return self._lates.hold(held)

    def settle(self, held: Delivery, answer: Answer) -> None:
        self._lates.settle(held, answer)

    def release(self, held: Delivery) -> None:
        self._lates.release(held)

    def state(self, invocation: Invocation, subject: str, locale: Locale | None = None) -> Message | None:
        with self._database.read() as uow:
            try:
                context = self._dispatcher.context(uow, invocation)
            except Denied:
                return None
            reader = replace(reader_of(context), locale=locale or context.locale)
            message = cards.state(uow, context.workspace, subject, reader, context.moment)
            return None if message is None else signed(message, context.workspace.id, self._signer)

    def offer(self, invocation: Invocation, file: OfferedFile) -> str | None:
        with self._database.write() as uow:
            found = uow.places.presence(invocation.platform, invocation.tenant, invocation.actor, invocation.conversation)
            if found is None or found.member is None or not found.member.active:
                return None
            ref = secrets.token_urlsafe(18)
            offered = chat.OfferedFile(ref, found.workspace.id, file.name, file.media_type, found.binding.id, file.external, found.member.id)
            kept = uow.files.offer(offered, self._clock.now())
            uow.commit()
        return kept

    def handle(self, platform: str, tenant: str, account: str) -> str | None:
        with self._database.read() as uow:
            bound = uow.places.binding(platform, tenant)
            member = uow.members.by_account(bound[0], account) if bound else None
        return None if member is None else member.handle

    def meet(self, platform: str, tenant: str, conversation: str, name: str) -> None:
        with self._database.write() as uow:
            bound = uow.places.binding(platform, tenant)
            if bound is not None:
                met = uow.places.ensure_channel(bound[1], Channel(0, bound[0], conversation, name))
                workspace = uow.workspaces.get(bound[1])
                welcomed(uow, workspace, replace(met, name=name), business_time(workspace, self._clock.now()))
                uow.commit()

    def part(self, platform: str, tenant: str, conversation: str) -> None:
        with self._database.write() as uow:
            bound = uow.places.binding(platform, tenant)
            channel = uow.places.channel(bound[0], conversation) if bound else None
            if channel is not None:
                uow.places.save_channel(replace(channel, gone=True))
                uow.commit()

    def leave(self, platform: str, tenant: str) -> None:
        self._ties.forget(platform, tenant)
