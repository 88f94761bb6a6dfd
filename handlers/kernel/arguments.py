"""Which types of argument are there? A command's fields are declared with these, and everything else follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, SkipValidation
from pydantic.fields import FieldInfo

from core.domain import catalogue
from core.domain.days import DayError, parse_day, parse_range
from core.domain.metrics import Metric
from core.domain.workspaces import Locale
from core.errors import UserError
from core.i18n.texts import text
from core.messages.model import Option
from core.services.values import metric_named
from handlers.kernel.kinds import Kind, Scope
from handlers.kernel.words import words


class Arguments(BaseModel):
    """The root of every command's arguments."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")


class Nothing(Arguments):
    """For commands that take no arguments."""


def _day(toward: Literal["past", "future"]) -> Kind:
    def read(typed: str, scope: Scope) -> date:
        try:
            return parse_day(typed, scope.today, toward=toward, month_first=_month_first(scope))
        except DayError as error:
            raise UserError(f"kernel.day.{error.reason}", typed=typed) from error

    return Kind("day", read, form="date", longest=3, offers=_day_offers)


def _day_offers(scope: Scope) -> Sequence[Option]:
    return tuple(Option(text(scope.locale, f"kernel.day.{name}"), "") for name in ("word_today", "word_yesterday"))


def _read_range(typed: str, scope: Scope) -> tuple[date, date]:
    try:
        return parse_range(typed, scope.today, month_first=_month_first(scope))
    except DayError as error:
        raise UserError(f"kernel.day.{error.reason}", typed=typed) from error


def _month_first(scope: Scope) -> bool | None:
    # 6/3 is 3 June in Chinese; in English it depends on whom one asks, so it is refused.
    return True if scope.locale is Locale.ZH else None


def _read_metric(typed: str, _scope: Scope) -> Metric:
    return metric_named(typed)


def _metric_offers(scope: Scope) -> Sequence[Option]:
    return tuple(Option(metric.code, metric.names.zh if scope.locale is Locale.ZH else metric.names.en) for metric in catalogue.METRICS)


def _assignment_offers(scope: Scope) -> Sequence[Option]:
    return tuple(Option(f"{option.value}=", option.label) for option in _metric_offers(scope))


def _read_assignments(typed: str, _scope: Scope) -> tuple[tuple[str, str], ...]:
    found = words(typed)
    for word in found:
        if word.key is None:
            raise UserError("kernel.assignment.unknown", typed=word.text)
    return tuple((word.key or "", word.text) for word in found)


def _read_task(typed: str, _scope: Scope) -> int:
    digits = typed.strip().removeprefix("#").upper().removeprefix("T").removeprefix("-")
    if not digits.isdecimal() or len(digits) > 9:
        raise UserError("kernel.task.unknown", typed=typed)
    return int(digits)


def _read_handle(typed: str, _scope: Scope) -> str:
    return typed.strip().lstrip("@＠")


def _read_text(typed: str, _scope: Scope) -> str:
    return typed


PastDay: TypeAlias = Annotated[date, _day("past")]
FutureDay: TypeAlias = Annotated[date, _day("future")]
DayRange: TypeAlias = Annotated[tuple[date, date], Kind("range", _read_range, longest=2)]
MetricCode: TypeAlias = Annotated[SkipValidation[Metric], Kind("metric", _read_metric, longest=3, offers=_metric_offers)]
Assignments: TypeAlias = Annotated[
    tuple[tuple[str, str], ...], Kind("assignments", _read_assignments, form="multiline", offers=_assignment_offers, named=True)
]
TaskNumber: TypeAlias = Annotated[int, Kind("task", _read_task, offers=lambda scope: scope.directory.tasks())]
Handle: TypeAlias = Annotated[str, Kind("handle", _read_handle, offers=lambda scope: scope.directory.members())]
CampaignCode: TypeAlias = Annotated[str, Kind("campaign", _read_text, offers=lambda scope: scope.directory.campaigns())]
Rest: TypeAlias = Annotated[str, Kind("rest", _read_text, rest=True)]

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
        for member in members:
            if typed.casefold() in {spelling.casefold() for spelling in _spellings(area, member)}:
                return member
        choices = " / ".join(option.value for option in offers(scope))
        raise UserError("kernel.choice.unknown", typed=typed, choices=choices)

    def offers(scope: Scope) -> Sequence[Option]:
        return tuple(Option(_first(area, member, scope.locale), "") for member in members)

    return Kind("choice", read, form="select", offers=offers)


def _spellings(area: str, member: StrEnum) -> set[str]:
    written = [text(locale, f"words.{area}.{member.value}") for locale in Locale]
    return {member.value, *(spelling.strip() for line in written for spelling in line.split("|"))}


def _first(area: str, member: StrEnum, locale: Locale) -> str:
    return text(locale, f"words.{area}.{member.value}").split("|")[0].strip()
