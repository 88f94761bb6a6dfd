"""What do people do? Speak, press, fill in, share and come home, as Slack's own client would; the app is told, and its answer takes effect."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.slack_server import payloads
from tests.slack_server.carrier import Carrier, Parcel
from tests.slack_server.checks import check_view
from tests.slack_server.fields import Typed, elements, missing, value, values
from tests.slack_server.hooks import said
from tests.slack_server.values import Answer, Channel, Ephemeral, Json, Person, Posted, Team, Upload, View
from tests.slack_server.views import changed, described, keep, stacked
from tests.slack_server.world import Hook, World

EVERY_EVENT = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "channel_left",
        "file_shared",
        "group_left",
        "member_joined_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "tokens_revoked",
    }
)


@dataclass
class Acts:
    """Everything that a person can do. `subscribed` are the events that the app is told of.

    Acts that make events return the app's answers, one for each event that went out; the others return the one answer.
    """

    world: World
    carrier: Carrier
    subscribed: frozenset[str] = EVERY_EVENT

    # ------------------------------------------------------------ commands, buttons, forms

    def command(self, person: Person, channel: Channel, text: str) -> Answer:
        """Types a slash command: `/ops help`. What the acknowledgement says is shown, to this person unless it says in_channel."""
        name, _, rest = text.partition(" ")
        with self.world.lock:
            payload = payloads.command(self.world, person, channel, name, rest)
        answer = self.carrier.deliver(Parcel("slash_commands", payload))
        if answer.status == 200 and answer.body.strip():
            with self.world.lock:
                said(self.world, Hook(person.team, channel.id, person.id, self.world.clock.now()), _acknowledged(answer))
        return answer

    def press(
        self, person: Person, place: Posted | Ephemeral | View, button: str, chosen: Typed | None = None, typed: Mapping[str, Typed] | None = None
    ) -> Answer:
        """Presses a button by its action_id or label, or chooses in a select (`chosen`: the option's value). `typed`: what stands in fields there."""
        place = self._standing(place)
        blocks = place.payload["blocks"] if isinstance(place, View) else place.blocks
        block, element = next(found for found in elements(blocks) if button in {found[1]["action_id"], found[1].get("text", {}).get("text")})
        with self.world.lock:
            action: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
            if element["type"] == "button":
                action |= {name: element[name] for name in ("text", "value", "style") if name in element}
            else:
                action |= value(self.world, element, chosen)
            payload = payloads.press(self.world, person, place, action, typed or {})
        return self.carrier.deliver(Parcel("interactive", payload))

    def _standing(self, place: Posted | Ephemeral | View) -> Posted | Ephemeral | View:
        """What a person sees now of something that was looked at before: KeyError when it is gone."""
        with self.world.lock:
            match place:
                case View():
                    return self.world.views[place.id]
                case Posted():
                    return self.world.messages[(place.channel, place.ts)]
                case Ephemeral():
                    return self.world.ephemerals[(place.channel, place.ts)]

    def submit(self, view: View, typed: Mapping[str, Typed] | None = None) -> Answer:
        """Submits a modal with what is `typed` (by block_id or action_id). The app's answer shows errors, another view, or closes it."""
        with self.world.lock:
            view = self.world.views[view.id]
            assert view.open, "the view is closed"
            stated = values(self.world, view.payload["blocks"], typed or {})
            assert not (asked := missing(view.payload["blocks"], stated)), f"Slack asks for {asked} before it submits"
            payload = payloads.submission(self.world, self.world.people[view.user], view, stated)
        answer = self.carrier.deliver(Parcel("interactive", payload))
        if answer.status == 200:
            with self.world.lock:
                self._answered(self.world.views[view.id], answer.json)
        return answer

    def close(self, view: View) -> Answer | None:
        """Closes a modal. The app hears of it when the view says notify_on_close."""
        with self.world.lock:
            self.world.views[view.id] = replace(view, open=False)
            payload = payloads.closing(self.world, self.world.people[view.user], view, cleared=False)
        return self.carrier.deliver(Parcel("interactive", payload)) if view.payload.get("notify_on_close") else None

    def _answered(self, view: View, answer: Json) -> None:
        """Does what the answer to a submission says. An answer that Slack would not take fails the test."""
        match answer.get("response_action"):
            case None:
                assert not answer, f"Slack takes no such answer to a submission: {answer}"
                keep(self.world, replace(view, open=False))
            case "clear":
                for one in [one for one in self.world.views.values() if one.root == view.root]:
                    keep(self.world, replace(one, open=False))
            case "errors":
                inputs = {block["block_id"] for block in view.payload["blocks"] if block["type"] == "input"}
                assert answer["errors"].keys() <= inputs, f"errors beside fields that are not there: {answer}"
                assert answer["errors"], "errors without a word"
                keep(self.world, replace(view, errors=dict(answer["errors"])))
            case "update":
                keep(self.world, changed(self.world, view, check_view(self.world, answer["view"], "modal")))
            case "push":
                keep(self.world, stacked(self.world, view, check_view(self.world, answer["view"], "modal")))
            case other:
                raise AssertionError(f"unknown response_action {other}")

    # ------------------------------------------------------------ messages and files

    def say(self, person: Person, channel: Channel, text: str, thread: str | None = None, files: tuple[Upload, ...] = ()) -> tuple[Answer, ...]:
        """Writes in a conversation. A mention of the bot (`<@U…>`) makes an app_mention too; both tell the same ts."""
        with self.world.lock:
            shared = tuple(file.id for file in files)
            posted = Posted(person.team, channel.id, self.world.ts(), person.id, text, thread_ts=thread, files=shared)
            self.world.messages[(channel.id, posted.ts)] = posted
            channel = self.world.channels[channel.id]
        return self.heard(channel, posted)

    def heard(self, channel: Channel, posted: Posted) -> tuple[Answer, ...]:
        """Tells the app of a message where the bot is; also of its own, which carry a bot_id."""
        team = self.world.teams[posted.team]
        if team.bot_user not in channel.members:
            return ()
        kind = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}[channel.kind]
        with self.world.lock:
            events = [(kind, payloads.spoken(self.world, channel, posted))]
            if f"<@{team.bot_user}>" in posted.text and channel.kind != "im":
                events.append(("app_mention", payloads.mention(self.world, channel, posted)))
        return tuple(self.event(team, inner) for name, inner in events if name in self.subscribed)

    def mention(self, person: Person, channel: Channel, text: str, thread: str | None = None) -> tuple[Answer, ...]:
        """Writes to the bot in a channel: `@morningbell help`."""
        return self.say(person, channel, f"<@{self.world.teams[person.team].bot_user}> {text}", thread)

    def share(
        self, person: Person, channel: Channel, name: str, content: bytes, media_type: str, text: str = "", thread: str | None = None
    ) -> tuple[Answer, ...]:
        """Drops a file: the app hears of the message with it, and of file_shared."""
        with self.world.lock:
            ident = self.world.ident("F")
            upload = Upload(ident, person.team, name, name, len(content), media_type, person.id, content, complete=True, channels=(channel.id,))
            self.world.uploads[ident] = upload
        heard = self.say(person, channel, text, thread, (upload,))
        team = self.world.teams[person.team]
        if team.bot_user not in self.world.channels[channel.id].members:
            return heard
        told = {"type": "file_shared", "file_id": ident, "user_id": person.id, "file": {"id": ident}, "channel_id": channel.id}
        return (*heard, *self._told(team, {**told, "event_ts": self.world.ts()}))

    # ------------------------------------------------------------ what else the app is told

    def open_home(self, person: Person, tab: str = "home") -> tuple[Answer, ...]:
        """Opens the bot's page."""
        team = self.world.teams[person.team]
        with self.world.lock:
            channel = self.world.direct(team, person.id)
            told: Json = {"type": "app_home_opened", "user": person.id, "channel": channel.id, "tab": tab, "event_ts": self.world.ts()}
            if (home := self.world.homes.get((team.id, person.id))) is not None and tab == "home":
                told["view"] = described(self.world, home)
        return self._told(team, told)

    def invite_bot(self, person: Person, channel: Channel) -> tuple[Answer, ...]:
        """Takes the bot into a channel."""
        team = self.world.teams[person.team]
        with self.world.lock:
            self.world.channels[channel.id] = replace(channel, members=channel.members | {team.bot_user})
            letter = "C" if channel.kind == "channel" else "G"
            told = {"type": "member_joined_channel", "user": team.bot_user, "channel": channel.id, "channel_type": letter, "team": team.id}
        return self._told(team, {**told, "inviter": person.id, "event_ts": self.world.ts()})

    def remove_bot(self, person: Person, channel: Channel) -> tuple[Answer, ...]:
        """Puts the bot out of a channel."""
        team = self.world.teams[person.team]
        with self.world.lock:
            standing = self.world.channels[channel.id]
            self.world.channels[channel.id] = replace(standing, members=standing.members - {team.bot_user})
            told = {"type": "channel_left" if channel.kind == "channel" else "group_left", "channel": channel.id, "actor_id": person.id}
        return self._told(team, {**told, "event_ts": self.world.ts()})

    def uninstall(self, team: Team) -> tuple[Answer, ...]:
        """Takes the app away from a team: its tokens end, and it hears of both."""
        with self.world.lock:
            for token in [one for one in self.world.tokens.values() if one.kind == "bot" and one.team == team.id]:
                self.world.tokens[token.value] = replace(token, revoked=True)
        revoked = self._told(team, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot_user]}, "event_ts": self.world.ts()})
        return (*revoked, *self._told(team, {"type": "app_uninstalled", "event_ts": self.world.ts()}))

    def event(self, team: Team, inner: Json) -> Answer:
        """Tells the app any event."""
        with self.world.lock:
            envelope = payloads.event(self.world, team, inner)
        return self.carrier.deliver(Parcel("events_api", envelope))

    def _told(self, team: Team, inner: Json) -> tuple[Answer, ...]:
        return (self.event(team, inner),) if inner["type"] in self.subscribed else ()


def _acknowledged(answer: Answer) -> Json:
    """The message in a command's acknowledgement: JSON, or plain text."""
    if answer.headers.get("content-type", "").startswith("application/json"):
        body = json.loads(answer.body)
        assert isinstance(body, dict)
        return body
    return {"text": answer.body.decode()}
