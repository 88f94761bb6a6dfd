"""What did a person mean by `code=value`? A metric and a figure that fits it, or every reason why not at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from core.domain import catalogue
from core.domain.metrics import Metric
from core.domain.quantities import Comparator, QuantityError, QuantityReason, Unit, fits, parse_quantity
from core.domain.workspaces import Locale
from core.errors import UserError
from core.messages.phrases import say

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Value:
    """One assignment, understood; `typed` is the name and the figure as written."""

    metric: Metric
    value: Decimal
    comparator: Comparator | None
    typed: tuple[str, str]


def read_values(pairs: Sequence[tuple[str, str]], currency: str, locale: Locale) -> tuple[Value, ...]:
    """Every assignment, or a UserError that names everything that is wrong with them."""
    values = each(pairs, lambda pair: read_value(*pair, currency), locale)
    return each(values, lambda value: _said_once(value, values), locale)


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
    return Value(metric, value, quantity.comparator, (name, typed))


def metric_named(name: str) -> Metric:
    """The metric that people call so. Raises UserError with the nearest one."""
    found = catalogue.resolve(name)
    if found is not None:
        return found
    near = catalogue.suggest(name)
    if near:
        raise UserError("kernel.metric.near", typed=name, near=near[0].code)
    raise UserError("kernel.metric.unknown", typed=name)


def each(given: Iterable[_Given], make: Callable[[_Given], _Made], locale: Locale) -> tuple[_Made, ...]:
    """Makes something of everything, or raises one UserError with all the reasons, a line each."""
    made: list[_Made] = []
    wrong: dict[str, UserError] = {}
    for item in given:
        try:
            made.append(make(item))
        except UserError as error:
            wrong[say(locale, error.key, **error.args_)] = error
    if wrong:
        raise UserError("kpi.value.wrong", field="values", problems="\n".join(wrong))
    return tuple(made)


def _said_once(value: Value, values: Sequence[Value]) -> Value:
    same = [other for other in values if other.metric == value.metric]
    if len(same) > 1:
        written = " / ".join("=".join(other.typed) for other in same)
        raise UserError("kpi.value.twice", written=written)
    return value


def _refused(error: QuantityError, name: str, typed: str, unit: Unit, currency: str) -> UserError:
    match error.reason:
        case QuantityReason.WRONG_UNIT:
            return UserError(f"kpi.value.wrong_unit.{unit.value}", name=name, typed=typed)
        case QuantityReason.WRONG_CURRENCY:
            return UserError("kpi.value.wrong_currency", name=name, typed=typed, currency=currency)
        case QuantityReason.AMBIGUOUS if error.meant:
            return UserError("kpi.value.ambiguous_meant", name=name, typed=typed, meant=" / ".join(f"{name}={meant}" for meant in error.meant))
        case _:
            return UserError(f"kpi.value.{error.reason.value}", name=name, typed=typed)
