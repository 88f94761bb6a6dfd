"""How does a figure read in each language? 8.5万 and 85K, ¥50, 35%, 2.2:1, 30秒 and 30 s; whatever is written here, `parse_quantity` reads back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import assert_never

from core.domain.quantities import SYMBOLS, Unit
from core.domain.workspaces import Locale

NOTHING = "—"
MINUS = "−"

# Wide enough that no value below 10^18 is cut, whatever its decimals.
_CONTEXT = Context(prec=100, rounding=ROUND_HALF_UP)
_MOST_PLACES = 12


@dataclass(frozen=True, slots=True)
class _Scale:
    """One way to write a unit: values from `since` on are divided by `factor` and followed by `mark`."""

    mark: str
    factor: Decimal = Decimal(1)
    since: Decimal = Decimal(0)
    shortens: bool = False


def _short(mark: str, power: int, since: int) -> _Scale:
    return _Scale(mark, Decimal(10) ** power, Decimal(10) ** since, shortens=True)


def _lasting(mark: str, seconds: int, since: int) -> _Scale:
    return _Scale(mark, Decimal(seconds), Decimal(since))


# Ascending. Days begin at 48 hours: people say 24 小时 and 3 天.
_AMOUNTS = {
    Locale.ZH: (_Scale(""), _short("万", 4, 4), _short("亿", 8, 8)),
    Locale.EN: (_Scale(""), _short("K", 3, 4), _short("M", 6, 6), _short("B", 9, 9)),
}
_DURATIONS = {
    Locale.ZH: (_Scale("秒"), _lasting("分钟", 60, 60), _lasting("小时", 3600, 3600), _lasting("天", 86400, 172800)),
    Locale.EN: (_Scale(" s"), _lasting(" min", 60, 60), _lasting(" h", 3600, 3600), _lasting(" d", 86400, 172800)),
}
_PERCENT = _Scale("%", Decimal("0.01"))
_RATIO = _Scale(":1")
_PLACES = {Unit.COUNT: 2, Unit.MONEY: 2, Unit.RATE: 1, Unit.RATIO: 2, Unit.DURATION: 1}


def format_value(value: Decimal, unit: Unit, locale: Locale, currency: str = "", step: Decimal | None = None) -> str:
    """One figure as people of the locale read it.

    Counts and money stand in full below 10 000 (1,043; £3,210.50) and with three significant digits in 万 and 亿, or K, M and B, above;
    whole digits are never rounded away (2,000万). Rates have one decimal, ratios two, durations one in the largest unit that fits; a value
    below 1 keeps two significant digits, so that little never reads as nothing. Idle zeros are dropped. With `step` (the value of the last
    digit that counts) every digit down to it is shown. `currency` is the ISO code of money, empty where a header says it; other units show none.
    """
    scale = _scale(value, unit, locale, step)
    return _write(value, scale, _places(value, unit, scale, step), _symbol(unit, currency)) + scale.mark


def format_column(values: Sequence[Decimal | None], unit: Unit, locale: Locale, currency: str = "") -> list[str]:
    """The cells of a column, all on one scale and with the same decimals; NOTHING stands where there is no value."""
    mark, cells = split_column(values, unit, locale, currency)
    return [cell if cell == NOTHING else cell + mark for cell in cells]


def split_column(values: Sequence[Decimal | None], unit: Unit, locale: Locale, currency: str = "") -> tuple[str, list[str]]:
    """What `format_column` writes behind every figure (万, %, K, " s" or nothing), to stand once in the header, and the cells without it.

    The scale is that of the smallest figure but 0, so that no figure of the column is lost.
    """
    known = [value for value in values if value is not None]
    smallest = min((abs(value) for value in known if value), default=Decimal(0))
    scale = _scale(smallest, unit, locale, None)
    places = max((_places(value, unit, scale, None) for value in known), default=0)
    symbol = _symbol(unit, currency)
    return scale.mark, [NOTHING if value is None else _write(value, scale, places, symbol) for value in values]


def format_change(value: Decimal) -> str:
    """A relative change (a fraction) with its sign and at most one decimal, the same in each language: −26.7%, +3%, 0%."""
    places = _needed(_round(value / _PERCENT.factor, 1))
    text = _write(value, _PERCENT, places, "")
    plus = "+" if text != "0" and not text.startswith(MINUS) else ""
    return f"{plus}{text}{_PERCENT.mark}"


def _scales(unit: Unit, locale: Locale) -> tuple[_Scale, ...]:
    match unit:
        case Unit.COUNT | Unit.MONEY:
            return _AMOUNTS[locale]
        case Unit.DURATION:
            return _DURATIONS[locale]
        case Unit.RATE:
            return (_PERCENT,)
        case Unit.RATIO:
            return (_RATIO,)
        case _:
            assert_never(unit)


def _scale(value: Decimal, unit: Unit, locale: Locale, step: Decimal | None) -> _Scale:
    """The largest scale that the value reaches once rounded (99 999 999 is 1亿, not 10,000万); with a step, that shows it exactly in two decimals."""
    scales = _scales(unit, locale)
    for scale in reversed(scales[1:]):
        if step is None and _shown(value, scales[scales.index(scale) - 1], unit) >= scale.since:
            return scale
        if step is not None and abs(value) >= scale.since and _exact(value, scale, step):
            return scale
    return scales[0]


def _shown(value: Decimal, scale: _Scale, unit: Unit) -> Decimal:
    scaled = _scaled(value, scale)
    return abs(_round(scaled, _wanted(scaled, unit, scale))) * scale.factor


def _exact(value: Decimal, scale: _Scale, step: Decimal) -> bool:
    places = _step_places(step, scale)
    return places <= 2 and _CONTEXT.multiply(_round(_scaled(value, scale), places), scale.factor) == value


def _places(value: Decimal, unit: Unit, scale: _Scale, step: Decimal | None) -> int:
    """The decimals to write: no idle zeros, but money in full has none or two."""
    scaled = _scaled(value, scale)
    wanted = _wanted(scaled, unit, scale)
    needed = _needed(_round(scaled, wanted if step is None else max(wanted, _step_places(step, scale))))
    return 2 if needed == 1 and unit is Unit.MONEY and not scale.shortens else needed


def _wanted(scaled: Decimal, unit: Unit, scale: _Scale) -> int:
    if scale.shortens:
        return max(0, 2 - scaled.adjusted())
    # 1.46 % against 1.5 % is a difference that one decimal would hide; 0.0045 must not read as 0.
    digits, below = (3, 10) if unit is Unit.RATE else (2, 1)
    little = digits - 1 - scaled.adjusted() if 0 < abs(scaled) < below else 0
    return min(_MOST_PLACES, max(_PLACES[unit], little))


def _step_places(step: Decimal, scale: _Scale) -> int:
    return max(0, -_scaled(step, scale).adjusted())


def _needed(rounded: Decimal) -> int:
    exponent = _CONTEXT.normalize(rounded).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _scaled(value: Decimal, scale: _Scale) -> Decimal:
    return _CONTEXT.divide(value, scale.factor)


def _round(scaled: Decimal, places: int) -> Decimal:
    return _CONTEXT.quantize(scaled, Decimal((0, (1,), -places)))


def _symbol(unit: Unit, currency: str) -> str:
    if unit is not Unit.MONEY or not currency:
        return ""
    return SYMBOLS.get(currency, f"{currency} ")


def _write(value: Decimal, scale: _Scale, places: int, symbol: str) -> str:
    rounded = _round(_scaled(value, scale), places)
    return f"{MINUS if rounded < 0 else ''}{symbol}{abs(rounded):,f}"
