"""Which types of argument are there? A command's fields are declared with these, and everything else follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, time
from enum import StrEnum
from typing import Annotated, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, SkipValidation
from pydantic.fields import FieldInfo

from core.domain import catalogue
from core.domain.day_ranges import Days, parse_range
from core.domain.day_words import DayError, DayReason, Toward
from core.domain.days import parse_day
from core.domain.metrics import Metric
from core.domain.times import parse_time
from core.domain.typed import plain
from core.domain.workspaces import Locale
from core.errors import UserError
from core.i18n.texts import text
from core.messages.model import Option
from core.services.values import metric_named
from handlers.kernel.kinds import Kind, Scope
from handlers.kernel.words import words

_SHORT = re.compile(r"[-+0-9./]{1,5}")
# `on 31 Dec at 9`
_LED = re.compile(r"(?:at|on) (?P<rest>.+)", re.IGNORECASE)
_TASK = re.compile(r"(?:#|T-?)?(?P<number>[0-9]{1,9})", re.IGNORECASE)


class Arguments(BaseModel):
    """The root of every command's arguments."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")


class Nothing(Arguments):
    """For commands that take no arguments."""


def read_range(typed: str, scope: Scope, toward: Toward = "past") -> Days:
    """The first and last day of what was written. Raises UserError."""
    try:
        return parse_range(typed, scope.today, toward=toward, month_first=_month_first(scope))
    except DayError as error:
        raise _no_day(error) from error


def read_future_day(typed: str, scope: Scope) -> date:
    """A day not before today. Raises UserError."""
    return _read_day(typed, scope, "future")


def _read_day(typed: str, scope: Scope, toward: Toward) -> date:
    try:
        return parse_day(_unled(typed), scope.today, toward=toward, month_first=_month_first(scope))
    except DayError as error:
        raise _no_day(error) from error


def _unled(typed: str) -> str:
    led = _LED.fullmatch(plain(typed))
    return led["rest"] if led else typed


def _day(toward: Toward) -> Kind:
    def read(typed: str, scope: Scope) -> date:
        return _read_day(typed, scope, toward)

    ends: Callable[[str, Scope], bool] = _ends_with_day if toward == "future" else lambda _words, _scope: False
    return Kind("day", read, form="date", longest=3, offers=_day_offers, ends=ends, meant=_is_no_day)


def _read_days(typed: str, scope: Scope) -> Days:
    """One day, or the stretch that 上周 or 5月 is; what is neither is told as a day."""
    try:
        return parse_range(typed, scope.today, month_first=_month_first(scope))
    except DayError as error:
        reason = DayReason.NOT_A_DAY if error.reason is DayReason.NOT_A_RANGE else error.reason
        raise _no_day(DayError(reason, error.text, error.meant)) from error


def _month_first(scope: Scope) -> bool | None:
    # 6/3 is 3 June in Chinese; in English it depends on whom one asks, so it is refused.
    return True if scope.locale is Locale.ZH else None


def _no_day(error: DayError) -> UserError:
    return UserError(f"kernel.day.{error.reason}", typed=error.text, meant=" / ".join(error.meant))


def _day_offers(scope: Scope) -> Sequence[Option]:
    return tuple(Option(text(scope.locale, f"kernel.day.{name}"), "") for name in ("word_today", "word_yesterday"))


def _read_metric(typed: str, _scope: Scope) -> Metric:
    return metric_named(typed)


def _metric_offers(scope: Scope) -> Sequence[Option]:
    return tuple(Option(metric.code, metric.names.of(scope.locale)) for metric in catalogue.METRICS)


def _assignment_offers(scope: Scope) -> Sequence[Option]:
    return tuple(Option(f"{option.value}=", option.label) for option in _metric_offers(scope))


def _read_assignments(typed: str, _scope: Scope) -> tuple[tuple[str, str], ...]:
    found = words(typed)
    for word in found:
        if word.key is None:
            raise UserError("kernel.assignment.unknown", typed=word.text)
    return tuple((word.key or "", word.text) for word in found)


def _is_metric(word: str) -> bool:
    return catalogue.resolve(word) is not None


def _read_time(typed: str, _scope: Scope) -> time:
    found = parse_time(_unled(typed))
    if found is None:
        raise UserError("ops.channel.not_a_time", typed=typed)
    return found


def _read_task(typed: str, _scope: Scope) -> int:
    found = _TASK.fullmatch(plain(typed))
    if found is None:
        raise UserError("kernel.task.unknown", typed=typed)
    return int(found["number"])


def _read_handle(typed: str, _scope: Scope) -> str:
    return typed.strip().lstrip("@＠")


def _read_text(typed: str, _scope: Scope) -> str:
    return typed


def _ends_with_day(typed: str, scope: Scope) -> bool:
    """A day that is not over, in words: in a title `1.2` is a version and `3/4` a share."""
    try:
        day = parse_day(typed, scope.today, toward="future", month_first=_month_first(scope))
    except DayError:
        return False
    return day >= scope.today and _SHORT.fullmatch(plain(typed)) is None


def _is_no_day(typed: str, scope: Scope) -> bool:
    """A day that its month does not have."""
    if _SHORT.fullmatch(plain(typed)):
        return False
    try:
        parse_day(_unled(typed), scope.today, toward="future", month_first=_month_first(scope))
    except DayError as error:
        return error.reason is DayReason.IMPOSSIBLE
    return False


def _ends_with_owners(typed: str, _scope: Scope) -> bool:
    return all(len(word) > 1 and word[0] in "@＠" for word in typed.split())


def _read_owners(typed: str, _scope: Scope) -> str:
    """`@lin @chen` as `@lin,@chen`."""
    return re.sub(r"(?<=[^\s,，、])\s+(?=[@＠])", ",", typed)


PastDay: TypeAlias = Annotated[date, _day("past")]
FutureDay: TypeAlias = Annotated[date, _day("future")]
PastDays: TypeAlias = Annotated[Days, Kind("days", _read_days, form="date", longest=3, offers=_day_offers)]
DayRange: TypeAlias = Annotated[Days, Kind("range", read_range, longest=5)]
TimeOfDay: TypeAlias = Annotated[time, Kind("time", _read_time, longest=2)]
MetricCode: TypeAlias = Annotated[SkipValidation[Metric], Kind("metric", _read_metric, longest=3, offers=_metric_offers)]
Assignments: TypeAlias = Annotated[
    tuple[tuple[str, str], ...], Kind("assignments", _read_assignments, form="multiline", offers=_assignment_offers, named=True, names=_is_metric)
]
TaskNumber: TypeAlias = Annotated[int, Kind("task", _read_task, offers=lambda scope: scope.directory.tasks())]
Handle: TypeAlias = Annotated[str, Kind("handle", _read_handle, offers=lambda scope: scope.directory.members())]
Owners: TypeAlias = Annotated[str, Kind("owners", _read_owners, longest=4, ends=_ends_with_owners)]
CampaignCode: TypeAlias = Annotated[str, Kind("campaign", _read_text, offers=lambda scope: scope.directory.campaigns())]
Rest: TypeAlias = Annotated[str, Kind("rest", _read_text, rest=True)]
# That the person has seen what a command would do. A form that is only opened confirms nothing, nor does a word too many.
CONFIRMED = "confirmed"
Confirmed: TypeAlias = Annotated[str, Kind(CONFIRMED, _read_text)]

PLAIN = Kind("text", _read_text)


def kind_of(field: FieldInfo) -> Kind:
    """The behaviour of a declared field: its own, or that of its enum, or plain text."""
    for item in field.metadata:
        if isinstance(item, Kind):
            return item
    for option in (field.annotation, *get_args(field.annotation)):
        if isinstance(option, type) and issubclass(option, StrEnum):
            return choice(option)
        for item in getattr(option, "__metadata__", ()):
            if isinstance(item, Kind):
                return item
    return PLAIN


def choice(members: type[StrEnum]) -> Kind:
    """One of an enum's members, by its value or by a word of either language (`words.<enum>.<member>`, spellings parted by `|`)."""
    area = members.__name__.lower()

    def read(typed: str, scope: Scope) -> StrEnum:
        wanted = plain(typed).casefold()
        for member in members:
            if wanted in {spelling.casefold() for spelling in _spellings(area, member)}:
                return member
        choices = " / ".join(option.value for option in offers(scope))
        raise UserError("kernel.choice.unknown", typed=typed, choices=choices)

    def offers(scope: Scope) -> Sequence[Option]:
        return tuple(Option(_written(area, member, scope.locale)[0], "") for member in members)

    return Kind("choice", read, form="select", offers=offers)


def _spellings(area: str, member: StrEnum) -> set[str]:
    return {member.value, *(spelling for locale in Locale for spelling in _written(area, member, locale))}


def _written(area: str, member: StrEnum, locale: Locale) -> list[str]:
    return [spelling.strip() for spelling in text(locale, f"words.{area}.{member.value}").split("|")]
