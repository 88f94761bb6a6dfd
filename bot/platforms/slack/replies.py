"""How is something told to Slack after the acknowledgement? By the response_url, in a modal, on the home page, or to one person in a channel."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus

import structlog
from slack_sdk.webhook import WebhookClient

from bot.platforms.fields import word
from bot.platforms.rendered import remembered
from bot.platforms.slack.directs import DIRECT
from bot.platforms.slack.failures import refused_there, telling
from bot.platforms.slack.hosts import is_slacks_own
from bot.platforms.slack.incoming import Act
from bot.platforms.slack.ladder import first_taken, taken
from bot.platforms.slack.payload import Object, SlackPayload
from bot.platforms.slack.render import home_in_words, render_home, render_private, view_in_words
from bot.platforms.slack.teams import TIMEOUT_SECONDS, Teams
from bot.platforms.slack.windows import NO_REFS, form_of, waiting, window
from core.errors import Reason, SendError
from core.messages.model import Message
from core.ports import Invocation

log = structlog.get_logger()


def private(payload: SlackPayload, *, redraw: bool = False) -> Object:
    """An answer that only the one who acted sees; with `redraw` in the place of the card that they pressed."""
    return {"response_type": "ephemeral", "replace_original": redraw, **payload.body()}


@remembered
def private_words(message: Message, _refs: Mapping[str, str]) -> str:
    """The same as it is written into an acknowledgement."""
    return json.dumps(private(render_private(message)))


class Replies:
    """Every method waits for Slack, and raises SendError."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams

    def respond(self, act: Act, message: Message, *, redraw: bool = False) -> None:
        """Uses the act's response_url, which Slack takes five times in 30 minutes; with `redraw` in the place of the pressed card."""
        if not is_slacks_own(act.response_url, self._teams.api_url):
            raise SendError(Reason.REFUSED, retryable=False)
        taken(render_private(message), lambda way: self._use(act, private(way, redraw=redraw)))

    def _use(self, act: Act, body: Object) -> None:
        threaded = {**body, "thread_ts": act.invocation.thread} if act.invocation.thread else dict(body)
        with telling("response_url"):
            answer = WebhookClient(act.response_url, timeout=TIMEOUT_SECONDS, retry_handlers=[]).send_dict(threaded)
        if answer.status_code != HTTPStatus.OK:
            # What the answer says may repeat what was sent.
            log.warning("response_url_refused", status=answer.status_code, kind=act.invocation.kind.value)
            raise refused_there(answer.status_code)

    def hold(self, act: Act) -> Act:
        """Opens a modal that holds the place of what is on its way. The act with the modal's id."""
        return self._opened(act, act.label, (waiting(act.label),))

    def open(self, act: Act, message: Message) -> None:
        """Opens a modal with the message by the act's trigger, which lives 3 seconds."""
        self._opened(act, message.card, (window(act, message), view_in_words(message)))

    def _opened(self, act: Act, card: str, views: Sequence[Object]) -> Act:
        client = self._teams.client_of(act.invocation.tenant)

        def attempt(view: Object) -> Act:
            with telling("views.open"):
                answer = client.views_open(trigger_id=act.trigger, view=dict(view))
            return replace(act, view=word(answer.data, "view", "id"))

        return first_taken(card, views, attempt)

    def ask(self, act: Act, message: Message) -> None:
        """Opens the form for what is missing; where it does not open, its sentence and button are said."""
        try:
            self.open(act, message)
        except SendError:
            # The failure is in the log.
            self.respond(act, message)

    def update(self, act: Act, message: Message) -> None:
        """Shows the message in the act's modal."""
        client = self._teams.client_of(act.invocation.tenant)

        def attempt(view: Object) -> None:
            with telling("views.update"):
                client.views_update(view_id=act.view, view=dict(view))

        first_taken(message.card, (window(act, message), view_in_words(message)), attempt)

    def show(self, act: Act, message: Message) -> None:
        """Shows what the press of an opening button brought: in a modal; a refusal where the button stands."""
        if act.view:
            self.update(act, message)
        elif form_of(message) or not act.response_url:
            self.open(act, message)
        else:
            self.respond(act, message)

    def publish(self, invocation: Invocation, message: Message) -> None:
        """Replaces the home page of the one who acts."""
        client = self._teams.client_of(invocation.tenant)

        def attempt(view: Object) -> None:
            with telling("views.publish"):
                client.views_publish(user_id=invocation.actor, view=dict(view))

        first_taken(message.card, (render_home(message, NO_REFS), home_in_words(message)), attempt)

    def tell_stranger(self, invocation: Invocation, message: Message) -> None:
        """Tells somebody whom the house does not know, and can therefore send nothing to, where they spoke and for their eyes only."""
        client = self._teams.client_of(invocation.tenant)

        def attempt(way: SlackPayload) -> None:
            place, blocks = invocation.conversation, [dict(block) for block in way.blocks]
            if place.startswith(DIRECT):
                with telling("chat.postMessage"):
                    client.chat_postMessage(channel=place, text=way.text, blocks=blocks)
            else:
                with telling("chat.postEphemeral"):
                    client.chat_postEphemeral(channel=place, user=invocation.actor, text=way.text, blocks=blocks, thread_ts=invocation.thread)

        taken(render_private(message), attempt)
