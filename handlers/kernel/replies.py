"""What does the bot say when it cannot do what was asked? What happened, what was kept, how to go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.domain.workspaces import Locale
from core.errors import UserError
from core.i18n.texts import text
from core.messages.model import Actions, Block, Button, Code, Context, Message, Paragraph, Press
from core.messages.phrases import phrase
from core.messages.tokens import carries
from handlers.kernel.command import Command, Registry
from handlers.kernel.parse import TYPED, Unknown
from handlers.kernel.words import Word

# Below this likeness (0 to 100) a suggestion would only puzzle; of two Chinese characters one may be wrong.
NEAR = 50
SUGGESTIONS = 2
LONGEST_ECHO = 40
# Where to begin.
GREETING = ("kpi board", "task mine", "ops help")


def refused(error: UserError, locale: Locale) -> Message:
    """The sentence of a mistake alone."""
    return Message((Paragraph((phrase(locale, error.key, **error.args_),)),), text(locale, error.key, **error.args_), "kernel.refused", locale.value)


def fault(incident: str, locale: Locale) -> Message:
    """Something broke in the house: the number under which the log has it."""
    return refused(UserError("kernel.fault", incident=incident), locale)


def working(command: Command, locale: Locale, *, here: bool) -> Message:
    """The note that stands until a slow command is done: its result comes `here`, or as a direct message."""
    return refused(UserError("kernel.working" if here else "kernel.working_elsewhere", command=command.words(locale)), locale)


def elsewhere(locale: Locale) -> Message:
    """The answer comes as a direct message, because it has a picture."""
    return refused(UserError("kernel.sent_directly"), locale)


def greeting(locale: Locale) -> Message:
    """What the bot is there for, and where to begin: the answer to whoever asks for nothing, or for nothing that it knows."""
    said = text(locale, "kernel.greeting.said")
    buttons = tuple(Button(text(locale, f"kernel.greeting.{name.replace(' ', '_')}"), Press(name, {})) for name in GREETING)
    return Message((Paragraph(((said,),)), Actions(buttons)), said, "kernel.greeting", locale.value)


def unknown(asked: Unknown, registry: Registry, locale: Locale) -> Message:
    """No such command: the nearest ones as buttons, with what else was typed still in them. Words that are near none were not meant as one."""
    near = nearest(asked, registry)
    if not near and not asked.slash and asked.family is None:
        return greeting(locale)
    typed = _echo(asked)
    sentence = UserError("kernel.unknown.near" if near else "kernel.unknown.none", typed=typed)
    blocks = refused(sentence, locale).blocks
    if near:
        blocks = (*blocks, Actions(tuple(Button(command.words(locale), _press(command, rest)) for command, rest in near)), *_too_long(near, locale))
    return Message(blocks, text(locale, sentence.key, typed=typed), "kernel.unknown", locale.value)


def nearest(asked: Unknown, registry: Registry) -> Sequence[tuple[Command, str]]:
    """The commands whose words look most like what was typed, at most two, each with what was typed behind its words."""
    from rapidfuzz import fuzz

    scored = [
        (fuzz.ratio(typed.casefold(), name), command, rest)
        for command in registry
        for typed, name, rest in _readings(asked, command)
        if asked.family in (None, command.path[0])
    ]
    scored.sort(key=lambda item: -item[0])
    best: dict[str, tuple[Command, str]] = {}
    for score, command, rest in scored:
        if score >= NEAR:
            best.setdefault(command.name, (command, rest))
    return tuple(best.values())[:SUGGESTIONS]


def _readings(asked: Unknown, command: Command) -> Iterator[tuple[str, str, str]]:
    """What may have been meant for the command's words, each with those words and what then follows them."""
    first, second, behind = asked.words[0], asked.words[1:2], _written(asked.words[2:])
    for family, verb in (command.path, command.zh):
        if asked.family:
            yield second[0].raw, verb, behind
            continue
        for name in (verb, family):
            yield first.raw, name, _written(asked.words[1:])
        if second:
            yield f"{first.raw} {second[0].raw}", f"{family} {verb}", behind
        else:
            yield first.raw, f"{family}s", ""


def _written(rest: Sequence[Word]) -> str:
    return " ".join(word.raw for word in rest)


def _press(command: Command, rest: str) -> Press:
    press = Press(command.name, {TYPED: rest} if rest else {})
    return press if carries(press) else Press(command.name, {})


def _too_long(near: Sequence[tuple[Command, str]], locale: Locale) -> tuple[Block, ...]:
    """What a button cannot carry is said back, so that it can be copied."""
    lost = next((rest for command, rest in near if not carries(Press(command.name, {TYPED: rest}))), None)
    return () if lost is None else (Context(phrase(locale, "kernel.unknown.kept", rest=Code(lost))),)


def _echo(asked: Unknown) -> str:
    typed = _written(asked.words[:2])
    return asked.slash + (typed if len(typed) <= LONGEST_ECHO else f"{typed[:LONGEST_ECHO]}…")
