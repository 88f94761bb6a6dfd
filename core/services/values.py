"""What did a person mean by `code=value`? A metric and a figure that fits it, or every reason why not at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from core.domain import catalogue
from core.domain.metrics import Metric
from core.domain.quantities import Comparator, QuantityError, QuantityReason, Unit, fits, parse_quantity
from core.domain.workspaces import Locale
from core.errors import UserError
from core.messages.phrases import say

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Value:
    """One assignment, understood; `typed` is the name and the figure as written."""

    metric: Metric
    value: Decimal
    comparator: Comparator | None
    typed: tuple[str, str]


def read_values(pairs: Sequence[tuple[str, str]], make: Callable[[Value], _Made], currency: str, locale: Locale) -> tuple[_Made, ...]:
    """What is made of every assignment; or, where any is wrong, one UserError with all the reasons, a line each. `make` may raise UserError."""
    made: list[_Made] = []
    wrong: list[str] = []
    for name, typed in pairs:
        try:
            _check_once(name, pairs)
            made.append(make(read_value(name, typed, currency)))
        except UserError as error:
            wrong.append(say(locale, error.key, **error.args_))
    if wrong:
        raise UserError("kpi.value.wrong", field="values", problems="\n".join(dict.fromkeys(wrong)))
    return tuple(made)


def read_value(name: str, typed: str, currency: str) -> Value:
    """One assignment. Raises UserError: unknown metric, no figure, wrong unit, or a figure that cannot be one of this metric."""
    metric = metric_named(name)
    try:
        quantity = parse_quantity(typed)
        value = fits(quantity, metric.unit, currency)
    except QuantityError as error:
        raise _refused(error, name, typed, metric.unit, currency) from error
    if value < 0 and metric.unit in (Unit.COUNT, Unit.DURATION):
        raise UserError("kpi.value.negative", name=name, typed=typed)
    if value > 1 and metric.unit is Unit.RATE and metric.code not in catalogue.MAY_EXCEED_WHOLE:
        raise UserError("kpi.value.above_whole", name=name, typed=typed)
    return Value(metric, value, quantity.comparator, (name, typed))


def metric_named(name: str) -> Metric:
    """The metric that people call so. Raises UserError with the nearest ones, in the language typed."""
    found = catalogue.resolve(name)
    if found is not None:
        return found
    near = catalogue.suggest(name)
    if near:
        raise UserError("kernel.metric.near", typed=name, near=" / ".join(entry.code if name.isascii() else entry.names.zh for entry in near))
    raise UserError("kernel.metric.unknown", typed=name)


def _check_once(name: str, pairs: Sequence[tuple[str, str]]) -> None:
    metric = metric_named(name)
    same = ["=".join(pair) for pair in pairs if catalogue.resolve(pair[0]) == metric]
    if len(same) > 1:
        raise UserError("kpi.value.twice", written=" / ".join(same))


def _refused(error: QuantityError, name: str, typed: str, unit: Unit, currency: str) -> UserError:
    match error.reason:
        case QuantityReason.WRONG_UNIT:
            return UserError(f"kpi.value.wrong_unit.{unit.value}", name=name, typed=typed)
        case QuantityReason.WRONG_CURRENCY:
            return UserError("kpi.value.wrong_currency", name=name, typed=typed, currency=currency)
        case QuantityReason.AMBIGUOUS if meant := [written for written in error.meant if _can_be(written, unit, currency)]:
            return UserError("kpi.value.ambiguous_meant", name=name, typed=typed, meant=" / ".join(f"{name}={written}" for written in meant))
        case _:
            return UserError(f"kpi.value.{error.reason.value}", name=name, typed=typed)


def _can_be(written: str, unit: Unit, currency: str) -> bool:
    """Whether a guess at what was meant is a figure of the metric: 2.5min is no money."""
    try:
        fits(parse_quantity(written), unit, currency)
    except QuantityError:
        return False
    return True
