"""Which parameter is each word of a command for? The one that its key names, else the first open one that understands it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.domain.workspaces import Locale
from core.errors import UserError
from handlers.kernel.command import Command, Parameter
from handlers.kernel.kinds import Scope
from handlers.kernel.smalltalk import is_polite
from handlers.kernel.words import Word, words

SHORTEST_LABEL = 2
# What people write as a key besides its name and labels.
_ALSO = {"zone": ("tz", "timezone")}
COMMAS = "，、,"
_COLON = re.compile(r"(?P<name>\d*[^\W\d][^:：]*)[:：](?P<figure>.*)")
# Behind a comma that parts one figure from the next: `gmv=12k, orders=300`. In 12,000 it does not.
_BETWEEN_FIGURES = re.compile(r"[,，、;；]+(?=\D|$)")
_PARTS = re.compile(r"[^，、]*[，、]+|[^，、]+")
# How a figure begins: a digit, behind a sign and a currency at most.
_FIGURE = re.compile(r"[<>≤≥＜＞=＝+\-−]{0,3}\D{0,2}\d")


class Sorter:
    """Gives each word to a parameter: by its key, else to the first open parameter that understands it."""

    def __init__(self, command: Command, scope: Scope) -> None:
        self._command = command
        self._scope = scope
        self._by_label = {label: item for item in command.parameters for label in _labels(item, command)}
        self._by_name = self._by_label | {item.name: item for item in command.parameters}
        self._assigned = next((item for item in command.parameters if item.kind.named), None)
        self._has_rest = any(item.kind.rest for item in command.parameters)
        self.typed: dict[str, str] = {}
        self.values: dict[str, object] = {}
        self.mistakes: dict[str, UserError] = {}
        self.stray: list[UserError] = []

    def give(self, name: str, written: str) -> None:
        """What was written for the parameter of that name, right or wrong."""
        item = self._called(name)
        if item is None:
            self.stray.append(UserError("kernel.argument.unknown", name=name, known=self._known()))
        elif item.name in self.typed:
            self.stray.append(UserError("kernel.argument.twice", name=self._called_here(item), typed=written))
        else:
            self._keep(item, written)

    def sort(self, found: Sequence[Word]) -> None:
        """First what its key places, then in order what is understood, at last what is not, which somebody has to mend unless it is a courtesy."""
        left = self._place(self._by_key(self._paired(found)))
        for word in left:
            if is_polite(word.raw):
                continue
            item = next(self._open(), None)
            if item is None:
                self.stray.append(UserError("kernel.argument.extra", typed=word.raw))
            else:
                self._keep(item, word.text)

    def _paired(self, found: Sequence[Word]) -> Sequence[Word]:
        """`gmv 25万` and `gmv：25万` as `gmv=25万`, where what stands before can be a key and what follows is a figure."""
        if self._assigned is None:
            return found
        paired: list[Word] = []
        for word in (part for each in found for part in _figures(each)):
            name = paired[-1].text if paired and paired[-1].key is None else ""
            if name and word.key is None and self._assigned.kind.names(name) and _FIGURE.match(word.text):
                paired[-1] = Word(word.text, f"{name}={word.raw}", word.end, name)
            else:
                paired.append(word)
        return paired

    def _by_key(self, found: Sequence[Word]) -> list[Word]:
        """Gives out the words with a key; those left have none, or one that is part of a sentence, or that names nothing here."""
        left: list[Word] = []
        assignments: list[str] = []
        for word in found:
            if word.key is None:
                left += [word] if word.text.strip() else []
            elif self._called(word.key):
                self._keyed(word.key, word.text)
            elif self._has_rest and not word.flag:
                left.append(Word(word.raw, word.raw, word.end))
            elif self._assigned is not None:
                assignments.append(word.raw)
            else:
                self.give(word.key, word.text)
                left += [Word(word.text, word.text, word.end)] if word.text else []
        if assignments and self._assigned is not None:
            self.give(self._assigned.name, " ".join(assignments))
        return left

    def _called(self, key: str) -> Parameter | None:
        """The parameter of that name or label, or of the only label that begins so: 到期 is 到期日."""
        key = key.casefold()
        if key in self._by_name or len(key) < SHORTEST_LABEL or (self._assigned and self._assigned.kind.names(key)):
            return self._by_name.get(key)
        near = {item.name: item for label, item in self._by_label.items() if label.startswith(key)}
        return next(iter(near.values())) if len(near) == 1 else None

    def _keyed(self, key: str, written: str) -> None:
        if written.strip():
            self.give(key, written)
        else:
            self.stray.append(UserError("kernel.argument.empty", name=key))

    def _place(self, found: Sequence[Word]) -> list[Word]:
        """Gives each word, or the few that make one value, to the first open parameter that understands; returns those that none did."""
        left: list[Word] = []
        while found:
            taken = self._take(found)
            left += [] if taken else [found[0]]
            found = found[taken or 1 :]
        return left

    def _take(self, ahead: Sequence[Word]) -> int:
        for item in self._open():
            if item.kind.rest:
                pieces = _pieces(ahead)
                rest = self._without_tail(pieces)
                # One quoted text is meant without its quotes; quotes inside a sentence are the person's own.
                written = rest[0].text if len(rest) == 1 else _joined(rest)
                self._keep(item, written if len(rest) == len(pieces) else written.rstrip(COMMAS))
                return len(ahead)
            if size := self._understood(item, ahead):
                return size
        return 0

    def _understood(self, item: Parameter, ahead: Sequence[Word]) -> int:
        """How many words make the parameter's value, or were meant to; none where they are for another."""
        tries = [(size, " ".join(word.text for word in ahead[:size])) for size in range(min(item.kind.longest, len(ahead)), 0, -1)]
        for size, written in tries:
            if self._read(item, written) is None:
                return size
        for size, written in tries:
            if item.kind.meant(written, self._scope):
                self._keep(item, written)
                return size
        return 0

    def _without_tail(self, sentence: Sequence[Word]) -> Sequence[Word]:
        """The sentence without the last words that open parameters take from its end: `… @lin tomorrow`. One word at least stays."""
        for item in self._open():
            for size in range(min(item.kind.longest, len(sentence) - 1), 0, -1):
                tail = _joined(sentence[-size:]).rstrip(COMMAS)
                if item.kind.ends(tail, self._scope):
                    self._keep(item, tail)
                    return self._without_tail(sentence[:-size])
        return sentence

    def _keep(self, item: Parameter, written: str) -> None:
        error = self._read(item, written)
        if error is not None:
            self.typed[item.name], self.mistakes[item.name] = written, error

    def _read(self, item: Parameter, written: str) -> UserError | None:
        """Keeps the value where the parameter understands what was written; else says why not."""
        try:
            self.values[item.name] = item.kind.read(written, self._scope)
        except UserError as error:
            return error
        self.typed[item.name] = written
        return None

    def _open(self) -> Iterator[Parameter]:
        return (item for item in self._command.inputs if item.name not in self.typed and not (item.kind.named or item.kind.keyed))

    def _known(self) -> str:
        return ", ".join(self._called_here(item) for item in self._command.inputs) or "—"

    def _called_here(self, item: Parameter) -> str:
        """What people of the language write as its key. A label of several words is none."""
        label = self._command.say(self._scope.locale, f"field.{item.name}").casefold()
        return item.name if " " in label else label


def _labels(item: Parameter, command: Command) -> Iterator[str]:
    yield from (command.say(locale, f"field.{item.name}").casefold() for locale in Locale)
    yield from _ALSO.get(item.name, ())


def _parted(word: Word) -> Iterator[Word]:
    """`gmv：25万` as the two words that it is; `3:1` is one."""
    found = _COLON.fullmatch(word.text) if word.key is None else None
    if found is None:
        yield word
    else:
        yield from (Word(part, part, word.end) for part in found.groups() if part)


def _figures(word: Word) -> Iterator[Word]:
    """`12k,orders=300` as the two figures that it is, each with its name; 12,000 is one."""
    first, *others = _BETWEEN_FIGURES.split(word.text)
    if not others or word.text not in word.raw:
        yield from _parted(word)
        return
    yield from _parted(replace(word, text=first, raw=word.raw.replace(word.text, first)))
    for other in others:
        yield from (each for written in words(other) for each in _parted(written))


def _pieces(sentence: Sequence[Word]) -> list[Word]:
    """The words, parted behind full-width commas, which Chinese writes without a space; a quoted one stays whole."""
    pieces: list[Word] = []
    for word in sentence:
        end = word.end - len(word.raw)
        for part in _PARTS.findall(word.raw) if word.raw == word.text else ():
            end += len(part)
            pieces.append(Word(part, part, end))
        if word.raw != word.text:
            pieces.append(word)
    return pieces


def _joined(pieces: Sequence[Word]) -> str:
    """As it was written: with a space where there was one."""
    written, end = "", None
    for piece in pieces:
        written += piece.raw if end in (None, piece.end - len(piece.raw)) else f" {piece.raw}"
        end = piece.end
    return written
