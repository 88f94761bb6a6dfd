"""What can the bot say, whatever the platform? Blocks of structured text; never markup, so nothing that a person typed can ping or break."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Discriminator

from core.domain.quantities import Unit
from core.domain.readings import State

# ------------------------------------------------------------------ inline


@dataclass(frozen=True, slots=True)
class Bold:
    """Text that stands out."""

    text: str
    type: Literal["bold"] = "bold"


@dataclass(frozen=True, slots=True)
class Code:
    """Text that people type as it stands: a command, a code."""

    text: str
    type: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Mention:
    """A member, called by name where the platform cannot ping. `name` is the display name at the time of building."""

    member: int
    name: str
    type: Literal["mention"] = "mention"


@dataclass(frozen=True, slots=True)
class ChannelLink:
    """A channel of the workspace."""

    channel: int
    name: str
    type: Literal["channel"] = "channel"


@dataclass(frozen=True, slots=True)
class Link:
    """A web address (http or https only) with its words."""

    text: str
    url: str
    type: Literal["link"] = "link"


@dataclass(frozen=True, slots=True)
class Date:
    """A local date or an instant, with the words that people of the message's locale say for it."""

    text: str
    value: date | datetime
    type: Literal["date"] = "date"


# What a colour would say; always told by words or a sign too.
Tone = Literal["neutral", "good", "bad", "quiet"]


@dataclass(frozen=True, slots=True)
class Number:
    """A figure: the words people read, beside the raw value (exact; None when missing or closed), its unit and its state."""

    text: str
    value: Decimal | None
    unit: Unit
    state: State
    tone: Tone = "neutral"
    type: Literal["number"] = "number"


# The types are told apart by their `type`: to try one after the other would cost most of the reading of a stored message.
_TYPED = Discriminator("type")

Inline = str | Annotated[Bold | Code | Mention | ChannelLink | Link | Date | Number, _TYPED]
Phrase = tuple[Inline, ...]

# ------------------------------------------------------------------ presses


@dataclass(frozen=True, slots=True)
class Press:
    """What a button or a form does: a command by its path (`task done`) with arguments already given, as a person would type them."""

    command: str
    arguments: dict[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Button:
    """A verb that can be pressed. `token` is made from `press` when the message is signed; `confirm` is asked first."""

    label: str
    press: Press
    style: Literal["primary", "plain", "danger"] = "plain"
    confirm: str | None = None
    token: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select field: what is sent, what is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form. `name` is the command's argument; `error` says what was wrong with what was typed before."""

    name: str
    label: str
    kind: Literal["text", "multiline", "number", "date", "select", "multiselect", "file"] = "text"
    value: str = ""
    placeholder: str = ""
    hint: str = ""
    error: str = ""
    required: bool = True
    options: tuple[Option, ...] = ()


# ------------------------------------------------------------------ charts (data, not pictures)


@dataclass(frozen=True, slots=True)
class Point:
    """One day of a line. A missing day has no value and leaves a gap; a closed one is drawn over; a provisional one is a hollow dot."""

    day: date
    value: Decimal | None
    state: State


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of days shaded behind the lines."""

    label: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Panel:
    """One metric of small multiples: its name, the number as read, up to two notes (attainment, deviation), the line and the target."""

    title: str
    number: str
    notes: tuple[str, ...] = ()
    tone: Tone = "neutral"
    points: tuple[Point, ...] = ()
    target: Decimal | None = None
    target_label: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Small multiples as data. `alt` says in words what the picture shows; `caption` is the quiet line above; `name` is the file's name."""

    name: str
    alt: str
    caption: str
    panels: tuple[Panel, ...]
    bands: tuple[Band, ...] = ()
    type: Literal["chart"] = "chart"


# ------------------------------------------------------------------ blocks


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line; it can be read alone in a notification."""

    text: Phrase
    type: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; each phrase is a line of its own."""

    lines: tuple[Phrase, ...]
    type: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Fields:
    """Pairs of a label and what stands for it."""

    pairs: tuple[tuple[str, Phrase], ...]
    type: Literal["fields"] = "fields"


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its header (the unit stands here, once) and on which side its cells stand."""

    title: str
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of phrases under columns. `total` is the number of rows that there are when only the first are shown."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Phrase, ...], ...]
    total: int | None = None
    type: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class File:
    """A file for download, kept by the platform; `ref` names it there once it is uploaded."""

    name: str
    media_type: str
    ref: str
    size: int
    type: Literal["file"] = "file"


@dataclass(frozen=True, slots=True)
class Actions:
    """Two or three buttons, the likely one first."""

    buttons: tuple[Button, ...]
    type: Literal["actions"] = "actions"


@dataclass(frozen=True, slots=True)
class Form:
    """Inputs with one submit button; sending it is the press with the fields as further arguments.

    `opening` is the token of the button that opens the form where it cannot stand in the message: the press with what was typed so far. Made when
    the message is signed.
    """

    title: str
    fields: tuple[Field, ...]
    submit: Button
    opening: str = ""
    type: Literal["form"] = "form"


@dataclass(frozen=True, slots=True)
class Context:
    """A quiet line below: where a figure comes from, who can see this."""

    text: Phrase
    type: Literal["context"] = "context"


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two parts."""

    type: Literal["divider"] = "divider"


Block = Annotated[Heading | Paragraph | Fields | Table | Chart | File | Actions | Form | Context | Divider, _TYPED]


@dataclass(frozen=True, slots=True)
class Message:
    """What the bot says. `fallback` is the whole of it in a line or two, for notifications, screen readers and clients without cards.

    `card` names what was built. `subject` names what it shows the state of (`task:12`; `mine:5` for one member's list): when that changes, the
    message is edited wherever it stands.
    """

    blocks: tuple[Block, ...]
    fallback: str
    card: str = ""
    locale: str = "en"
    subject: str = ""
