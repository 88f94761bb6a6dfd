"""What does a written figure mean? `8.5万`, `¥50`, `≥8%`, `3:1`, `30秒` and `85k` become one exact value with a unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum

from core.domain.typed import plain


class Unit(StrEnum):
    """What a value counts. Rates are stored as fractions (35 % is 0.35), ratios as their quotient (3:1 is 3), durations in seconds."""

    COUNT = "count"
    MONEY = "money"
    RATE = "rate"
    RATIO = "ratio"
    DURATION = "duration"


class Comparator(StrEnum):
    """How an actual value is held against a target."""

    AT_LEAST = "≥"
    AT_MOST = "≤"
    ABOVE = ">"
    BELOW = "<"
    EQUAL = "="


@dataclass(frozen=True, slots=True)
class Quantity:
    """A parsed figure.

    `value` is in the unit's base (see `Unit`), exact. `unit` is None when the writing names none (`85k` may be orders or
    money: the metric decides). `currency` is an ISO 4217 code when the writing names one. `step` is the value of the last
    written digit: 8.5万 has step 1000.
    """

    value: Decimal
    unit: Unit | None = None
    comparator: Comparator | None = None
    currency: str | None = None
    step: Decimal = Decimal(1)


class QuantityReason(StrEnum):
    """Why a writing is not taken as a figure, or a figure not taken by a metric."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_A_FIGURE = "not_a_figure"
    AMBIGUOUS = "ambiguous"
    NOT_FINITE = "not_finite"
    TOO_LARGE = "too_large"
    ZERO_DIVISOR = "zero_divisor"
    WRONG_UNIT = "wrong_unit"
    WRONG_CURRENCY = "wrong_currency"


class QuantityError(ValueError):
    """A figure that cannot be used. `text` is what was written; `meant` are clear writings of what may have been meant, where that can be guessed."""

    def __init__(self, reason: QuantityReason, text: str, meant: tuple[str, ...] = ()) -> None:
        super().__init__(f"{reason.value}: {text}")
        self.reason = reason
        self.text = text
        self.meant = meant


# ------------------------------------------------------------------ the words that stand around digits

# How each currency is marked, one mark for one currency: ¥ is the yuan, so the yen is JP¥. A currency without a mark here is written by its code.
SYMBOLS = {
    "CNY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "JP¥",
    "HKD": "HK$",
    "TWD": "NT$",
    "SGD": "S$",
    "AUD": "A$",
    "CAD": "C$",
    "NZD": "NZ$",
    "KRW": "₩",
    "INR": "₹",
    "VND": "₫",
    "THB": "฿",
    "PHP": "₱",
    "BRL": "R$",
    "RUB": "₽",
}
CURRENCIES = frozenset(SYMBOLS) | {"AED", "CHF", "DKK", "IDR", "MXN", "MYR", "NOK", "PLN", "SAR", "SEK", "TRY", "ZAR"}


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a sign or word beside the digits says: the unit, how much one of it is in the unit's base, and whose money."""

    unit: Unit | None = None
    factor: Decimal = Decimal(1)
    currency: str | None = None


def _spread(factor: str, unit: Unit, words: str) -> dict[str, _Mark]:
    return {word: _Mark(unit, Decimal(factor)) for word in words.split()}


_MONEY_WORDS = {
    "CNY": "元 块 块钱 人民币 rmb cn¥ yuan",
    "USD": "美元 美金 us$ dollars",
    "EUR": "欧元 euros",
    "GBP": "英镑 pounds",
    "JPY": "日元 yen",
    "HKD": "港元 港币",
    "TWD": "台币 新台币",
    "KRW": "韩元",
    "SGD": "新加坡元",
    "AUD": "澳元 au$",
    "CAD": "加元 ca$",
}
_MONEY = (
    {code.lower(): _Mark(Unit.MONEY, currency=code) for code in CURRENCIES}
    | {symbol.lower(): _Mark(Unit.MONEY, currency=code) for code, symbol in SYMBOLS.items()}
    | {word: _Mark(Unit.MONEY, currency=code) for code, words in _MONEY_WORDS.items() for word in words.split()}
)
_BEFORE = {"": _Mark(), "百分之": _Mark(Unit.RATE, Decimal("0.01"))} | _MONEY
_AFTER = (
    {"": _Mark()}
    | _MONEY
    | _spread("1", Unit.COUNT, "人 位 单 件 个 次 笔 条 款 家 台 场 箱 名")
    | _spread("0.01", Unit.RATE, "% percent")
    | _spread("0.001", Unit.DURATION, "ms 毫秒")
    | _spread("1", Unit.DURATION, "s sec secs second seconds 秒 秒钟")
    | _spread("60", Unit.DURATION, "min mins minute minutes 分钟")
    | _spread("3600", Unit.DURATION, "h hr hrs hour hours 小时 个小时")
    | _spread("86400", Unit.DURATION, "d day days 天")
    | _spread("604800", Unit.DURATION, "week weeks 周 个星期")
)
_POWERS = {
    **dict.fromkeys(("k", "thousand", "千"), 3),
    **dict.fromkeys(("m", "mn", "mln", "million", "百万"), 6),
    **dict.fromkeys(("b", "bn", "billion", "十亿"), 9),
    **dict.fromkeys(("万", "w"), 4),
    **dict(zip(("百", "十万", "千万", "亿", "百亿", "千亿", "万亿"), (2, 5, 7, 8, 10, 11, 12), strict=True)),
}
_COMPARATORS = {
    **dict.fromkeys(("≥", ">=", "不低于", "不少于", "不小于", "大于等于", "至少", "最少", "at least", "no less than"), Comparator.AT_LEAST),
    **dict.fromkeys(("≤", "<=", "不超过", "不高于", "不多于", "不大于", "小于等于", "至多", "最多", "at most", "no more than"), Comparator.AT_MOST),
    **dict.fromkeys((">", "超过", "高于", "大于", "多于", "above", "over", "more than"), Comparator.ABOVE),
    **dict.fromkeys(("<", "低于", "小于", "少于", "below", "under", "less than"), Comparator.BELOW),
    **dict.fromkeys(("=", "等于"), Comparator.EQUAL),
}
_LONGEST_POWERS = sorted(_POWERS, key=len, reverse=True)
_LONGEST_COMPARATORS = sorted(_COMPARATORS, key=len, reverse=True)

# ------------------------------------------------------------------ reading

_LONGEST_TEXT = 64
_LIMIT = Decimal(10) ** 18
_EXACT = Context(prec=2 * _LONGEST_TEXT)
_QUOTIENT = Context(prec=28)

_RUN = r"\.?[0-9]+(?:[., ][0-9]+)*"
_FIGURE = re.compile(rf"(?P<sign>[-+]?) ?(?P<before>[^0-9.+-]*?) ?(?P<inner>[-+]?) ?(?P<run>{_RUN}) ?(?:: ?(?P<divisor>{_RUN}))? ?(?P<after>.*)")
_NUMBER = re.compile(r"(?:[0-9]*|[1-9][0-9]{0,2}([, ])[0-9]{3}(?:\1[0-9]{3})*)(?:\.[0-9]+)?")
_DATE = re.compile(r"[12][0-9]{3}([-./])[0-9]{1,2}\1[0-9]{1,2}")
_CLOCK_TIME = re.compile(r"0[0-9]:[0-9]{2}|[0-9]:0[0-9]|[0-9]{2}:[0-9]{2}")
_NOT_FINITE = re.compile(r"[-+]?(nan|inf|infinity|∞)%?")


def parse_quantity(text: str) -> Quantity:
    """The exact figure that a person wrote.

    Refused as ambiguous, with what may have been meant: `8.5w`, `5分`, `+10` (ten, or ten more?), separators that fit two readings (`1,23`,
    `1.234.567`), what may be a time of day (`12:30`), and a lower-case `m` without a currency (`M` and `$1.2m` are millions). Percentage points are
    no quantity. Raises QuantityError.
    """
    written = _readable(text)
    comparator, figure = _comparator(written)
    found = _FIGURE.fullmatch(figure)
    if found is None or _DATE.fullmatch(figure):
        raise QuantityError(QuantityReason.NOT_A_FIGURE, text)
    head = written.removesuffix(figure) + figure[: found.start("run")]
    mark = _mark(found, head, text)
    if "+" in head:
        raise QuantityError(QuantityReason.AMBIGUOUS, text, (written.replace("+", "", 1),))
    value, step = _digits(found, head, text)
    value, step = _EXACT.multiply(value, mark.factor), _EXACT.multiply(step, mark.factor)
    if value >= _LIMIT:
        raise QuantityError(QuantityReason.TOO_LARGE, text)
    return Quantity(_tidy(-value if _negative(found, text) else value), mark.unit, comparator, mark.currency, _tidy(step))


def fits(quantity: Quantity, unit: Unit, currency: str) -> Decimal:
    """The value in a metric's unit, in a workspace of that currency.

    A bare number fits every unit, seconds for a duration. For a rate it is a fraction and must be below 1: `35` may be 35 % or 3500 %, `1` may be
    1 % or 100 %.
    Raises QuantityError with WRONG_UNIT, WRONG_CURRENCY or AMBIGUOUS.
    """
    value = quantity.value
    if quantity.unit not in (None, unit):
        raise QuantityError(QuantityReason.WRONG_UNIT, f"{value:f}")
    if quantity.currency not in (None, currency):
        raise QuantityError(QuantityReason.WRONG_CURRENCY, f"{value:f}")
    if quantity.unit is None and unit is Unit.RATE and abs(value) >= 1:
        raise QuantityError(QuantityReason.AMBIGUOUS, f"{value:f}", (f"{value:f}%", f"{_tidy(value * 100):f}%"))
    return value


def _readable(text: str) -> str:
    written = plain(text)
    if not written:
        raise QuantityError(QuantityReason.EMPTY, text)
    if len(written) > _LONGEST_TEXT:
        raise QuantityError(QuantityReason.TOO_LONG, text)
    if _NOT_FINITE.fullmatch(written.lower()):
        raise QuantityError(QuantityReason.NOT_FINITE, text)
    return written


def _comparator(written: str) -> tuple[Comparator | None, str]:
    lower = written.lower()
    for word in _LONGEST_COMPARATORS:
        if lower.startswith(word):
            return _COMPARATORS[word], written[len(word) :].lstrip()
    return None, written


def _negative(found: re.Match[str], text: str) -> bool:
    if found["sign"] and found["inner"]:
        raise QuantityError(QuantityReason.NOT_A_FIGURE, text)
    return bool(found["sign"] or found["inner"])


def _digits(found: re.Match[str], head: str, text: str) -> tuple[Decimal, Decimal]:
    """The value of the digits, divided where they are a ratio, and the value of the last one."""
    value, step = _number(found["run"], head, found["after"], text)
    if found["divisor"] is None:
        return value, step
    if _CLOCK_TIME.fullmatch(f"{found['run']}:{found['divisor']}"):
        raise QuantityError(QuantityReason.AMBIGUOUS, text)
    divisor, _ = _number(found["divisor"], f"{head}{found['run']}:", found["after"], text)
    if divisor == 0:
        raise QuantityError(QuantityReason.ZERO_DIVISOR, text)
    return _QUOTIENT.divide(value, divisor), _QUOTIENT.divide(step, divisor)


def _number(run: str, head: str, tail: str, text: str) -> tuple[Decimal, Decimal]:
    if not _NUMBER.fullmatch(run):
        whole, fraction = re.split(r"[., ](?=[0-9]+$)", run)
        joined = re.sub("[., ]", "", whole)
        raise QuantityError(QuantityReason.AMBIGUOUS, text, tuple(f"{head}{number}{tail}" for number in (f"{joined}.{fraction}", joined + fraction)))
    digits = re.sub("[, ]", "", run)
    places = len(digits.partition(".")[2])
    return Decimal(digits), Decimal((0, (1,), -places))


def _mark(found: re.Match[str], head: str, text: str) -> _Mark:
    """What the words before and after the digits say together; a ratio takes none."""
    before = _BEFORE.get(found["before"].lower())
    power, after = _tail(found, head, text)
    if before is None or after is None:
        raise QuantityError(QuantityReason.NOT_A_FIGURE, text)
    both = _together(before, after) if found["divisor"] is None else _ratio(found)
    if both is None or (power and both.unit not in (None, Unit.MONEY, Unit.COUNT)):
        raise QuantityError(QuantityReason.NOT_A_FIGURE, text)
    if power == "m" and both.unit is not Unit.MONEY:
        raise QuantityError(QuantityReason.AMBIGUOUS, text, (f"{head}{found['run']}M", f"{head}{found['run']}min"))
    scale = Decimal(10) ** _POWERS[power.lower()] if power else Decimal(1)
    return _Mark(both.unit, both.factor * scale, both.currency)


def _ratio(found: re.Match[str]) -> _Mark | None:
    return None if found["before"] or found["after"] else _Mark(Unit.RATIO)


def _tail(found: re.Match[str], head: str, text: str) -> tuple[str, _Mark | None]:
    """The power of ten as written (`万`, `k`, or none) and what follows it; no mark where the words are unknown."""
    tail = found["after"].rstrip()
    if tail == "分":
        raise QuantityError(QuantityReason.AMBIGUOUS, text, (f"{head}{found['run']}分钟",))
    if tail.lower() in _AFTER:
        return "", _AFTER[tail.lower()]
    for word in _LONGEST_POWERS:
        rest = tail[len(word) :].lstrip()
        if not tail.lower().startswith(word) or rest.lower() not in _AFTER:
            continue
        if word == "w":
            raise QuantityError(QuantityReason.AMBIGUOUS, text, (f"{head}{found['run']}万{rest}",))
        return tail[: len(word)], _AFTER[rest.lower()]
    return "", None


def _together(before: _Mark, after: _Mark) -> _Mark | None:
    """One mark from two; None where they contradict each other (`$50元`, `¥35%`). `¥50元` says the same twice."""
    if before.unit is None or before == after:
        return after
    return before if after.unit is None else None


def _tidy(value: Decimal) -> Decimal:
    """The same value without trailing zeros behind the point, exponents or a negative zero."""
    whole = value.to_integral_value(context=_EXACT)
    return _EXACT.quantize(whole, Decimal(1)) + 0 if value == whole else _EXACT.normalize(value)
