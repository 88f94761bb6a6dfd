"""What does a person do and read on Slack? By slash command, in a direct message, or by a mention in a channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.house import Process
from tests.seats import Seen, apart, together
from tests.slack_server import Channel, Ephemeral, Person, Posted, SlackServer, View
from tests.slack_server.values import Json


@dataclass
class SlackSeat:
    """A person in a channel where the bot is."""

    slack: SlackServer
    process: Process
    person: Person
    channel: Channel
    way: Literal["command", "direct", "mention"]
    _last: Posted | Ephemeral | None = None
    _view: View | None = None

    def say(self, line: str) -> Seen:
        self._close()
        match self.way:
            case "command":
                self.slack.acts.command(self.person, self.channel, line)
            case "direct":
                self.slack.acts.say(self.person, self.slack.direct(self.person), line)
            case "mention":
                self.slack.acts.mention(self.person, self.channel, line)
        return self._answered()

    def press(self, label: str) -> Seen:
        assert self._last is not None
        self._close()
        self.slack.acts.press(self.person, self._last, label)
        return Seen(self._answered().short)

    def fill(self, **fields: str) -> Seen:
        view = self._view or self._opened()
        self.slack.acts.submit(view, fields)
        self.process.settle()
        self._view = self.slack.view(view)
        blocks = self._view.payload["blocks"]
        if self._view.errors:
            return Seen(
                labels=apart([block["label"]["text"] for block in blocks if block["type"] == "input"]), errors=apart(list(self._view.errors.values()))
            )
        return Seen(words=self._read(blocks[:1]))

    def leave(self) -> None:
        """A client holds nothing open."""

    def _close(self) -> None:
        """A window stands before everything else."""
        for view in self.slack.views(self.person):
            self.slack.acts.close(view)

    def _opened(self) -> View:
        """Presses the button behind which the form is."""
        assert self._last is not None
        self.slack.acts.press(self.person, self._last, "form")
        self.process.settle()
        return self.slack.views(self.person)[-1]

    def _answered(self) -> Seen:
        self.process.settle()
        self._view = next(iter(self.slack.views(self.person)), None)
        if self._view is not None:
            said = self._read(self._view.payload["blocks"][:1])
            return Seen(said, said)
        places = (self.channel, self.slack.direct(self.person))
        shown: list[Posted | Ephemeral] = [one for place in places for one in self.slack.ephemerals(self.person, place)]
        shown += [one for place in places for one in self.slack.from_bot(place)]
        self._last = last = max(shown, key=lambda one: one.ts)
        asks = any(element.get("action_id") == "form" for block in last.blocks for element in block.get("elements", ()))
        return Seen(together([unescaped(last.text)]), self._read(last.blocks[:1] if asks else last.blocks))

    def _read(self, blocks: Sequence[Json]) -> str:
        return together(list(words(self.slack, blocks)))


def words(slack: SlackServer, value: object) -> Iterator[str]:
    """All words of blocks, in reading order."""
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from words(slack, part)
    elif isinstance(value, dict):
        yield from _object(slack, value)


def _object(slack: SlackServer, value: Json) -> Iterator[str]:
    match value.get("type"):
        case "user":
            yield f"@{slack.world.people[value['user_id']].real_name}"
        case "plain_text" | "mrkdwn":
            yield unescaped(value["text"])
        case "text" | "link":
            yield value["text"]
        case "image":
            yield unescaped(value["alt_text"])
        case _:
            for name in ("text", "elements", "rows"):
                yield from words(slack, value.get(name))


def unescaped(text: str) -> str:
    """The text as Slack shows it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
