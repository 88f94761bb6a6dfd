"""How is something told to Slack after the acknowledgement? By the response_url, in a modal, on the home page, or to one person in a channel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

import structlog
from slack_sdk.webhook import WebhookClient

from bot.platforms.fields import word
from bot.platforms.rendered import remembered
from bot.platforms.slack.directs import DIRECT
from bot.platforms.slack.failures import telling
from bot.platforms.slack.hosts import is_slacks_own
from bot.platforms.slack.incoming import Act
from bot.platforms.slack.payload import Json, Object
from bot.platforms.slack.render import render_home, render_private
from bot.platforms.slack.teams import TIMEOUT_SECONDS, Teams
from bot.platforms.slack.windows import form_of, window
from core.errors import Reason, SendError
from core.messages.model import Message
from core.ports import Invocation

log = structlog.get_logger()


def private(message: Message) -> Object:
    """An answer that only the one who acted sees."""
    return {"response_type": "ephemeral", "replace_original": False, **render_private(message).body()}


@remembered
def private_words(message: Message, _refs: Mapping[str, str]) -> str:
    """The same as it is written into an acknowledgement."""
    return json.dumps(private(message))


def redrawn(message: Message) -> Object:
    """The pressed card's new state, in its place."""
    return {"response_type": "ephemeral", "replace_original": True, **render_private(message).body()}


class Replies:
    """Every method waits for Slack, and raises SendError."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams

    def respond(self, act: Act, body: Object) -> None:
        """Uses the act's response_url, which Slack takes five times in 30 minutes."""
        if not is_slacks_own(act.response_url, self._teams.api_url):
            raise SendError(Reason.REFUSED, retryable=False)
        threaded = {**body, "thread_ts": act.invocation.thread} if act.invocation.thread else dict(body)
        if self._taken(act, threaded):
            return
        # Words alone are still better than nothing.
        self._taken(act, {name: value for name, value in threaded.items() if name != "blocks"})

    def _taken(self, act: Act, body: dict[str, Json]) -> bool:
        """Whether nothing remains to be tried: Slack took it, or takes nothing more there."""
        with telling("response_url"):
            answer = WebhookClient(act.response_url, timeout=TIMEOUT_SECONDS, retry_handlers=[]).send_dict(body)
        if answer.status_code == HTTPStatus.OK:
            return True
        # What the answer says may repeat what was sent.
        log.warning("response_url_refused", status=answer.status_code, kind=act.invocation.kind.value)
        return answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS)

    def open(self, act: Act, view: Object) -> Act:
        """Opens a modal by the act's trigger, which lives 3 seconds. The act with the modal's id."""
        client = self._teams.client_of(act.invocation.tenant)
        with telling("views.open"):
            answer = client.views_open(trigger_id=act.trigger, view=dict(view))
        return replace(act, view=word(answer.data, "view", "id"))

    def ask(self, act: Act, message: Message) -> None:
        """Opens the form for what is missing; where it does not open, its sentence and button are said."""
        try:
            self.open(act, window(act, message))
        except SendError:
            # The failure is in the log.
            self.respond(act, private(message))

    def update(self, act: Act, message: Message) -> None:
        """Shows the message in the act's modal."""
        client = self._teams.client_of(act.invocation.tenant)
        with telling("views.update"):
            client.views_update(view_id=act.view, view=dict(window(act, message)))

    def show(self, act: Act, message: Message) -> None:
        """Shows what the press of an opening button brought: in a modal; a refusal where the button stands."""
        if act.view:
            self.update(act, message)
        elif form_of(message) or not act.response_url:
            self.open(act, window(act, message))
        else:
            self.respond(act, private(message))

    def publish(self, invocation: Invocation, message: Message) -> None:
        """Replaces the home page of the one who acts."""
        client = self._teams.client_of(invocation.tenant)
        with telling("views.publish"):
            client.views_publish(user_id=invocation.actor, view=dict(render_home(message, {})))

    def tell_stranger(self, invocation: Invocation, message: Message) -> None:
        """Tells somebody whom the house does not know, and can therefore send nothing to, where they spoke and for their eyes only."""
        client = self._teams.client_of(invocation.tenant)
        payload = render_private(message)
        blocks = [dict(block) for block in payload.blocks]
        if invocation.conversation.startswith(DIRECT):
            with telling("chat.postMessage"):
                client.chat_postMessage(channel=invocation.conversation, text=payload.text, blocks=blocks)
        else:
            with telling("chat.postEphemeral"):
                client.chat_postEphemeral(
                    channel=invocation.conversation, user=invocation.actor, text=payload.text, blocks=blocks, thread_ts=invocation.thread
                )
