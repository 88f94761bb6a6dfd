"""Which metrics does the house know, and which one does a person mean? By code, name or another spelling, in either language."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.metrics import Metric
from core.domain.template_metrics import METRICS
from core.domain.typed import plain

__all__ = ["MAY_EXCEED_WHOLE", "METRICS", "metric", "resolve", "suggest"]

LIKE_ENOUGH = 70
SUGGESTIONS = 3

# Shares that may be above 100 %: a month's sales of a small stock, a month's leavers of a small team.
MAY_EXCEED_WHOLE = frozenset({"sell_through", "team_turnover"})

_BY_CODE = {entry.code: entry for entry in METRICS}


def metric(code: str) -> Metric:
    """The metric of the code, exactly. Raises KeyError."""
    return _BY_CODE[code]


def resolve(word: str) -> Metric | None:
    """The metric that people call so; case, width, hyphens and spaces do not matter."""
    return _BY_SPELLING.get(_key(word))


def suggest(word: str) -> list[Metric]:
    """Up to three metrics that are called nearly so, the likeliest first."""
    # Here and not above: the package costs every start, a misspelling only itself.
    from rapidfuzz import fuzz, process

    found = process.extract(_key(word), list(_BY_SPELLING), scorer=fuzz.WRatio, limit=3 * SUGGESTIONS, score_cutoff=LIKE_ENOUGH)
    near = dict.fromkeys(_BY_SPELLING[spelling].code for spelling, _, _ in found)
    return [_BY_CODE[code] for code in near][:SUGGESTIONS]


def spellings(entry: Metric) -> tuple[str, ...]:
    """Everything that the metric is called."""
    return (entry.code, entry.names.zh, entry.names.en, *entry.names.also)


def _key(word: str) -> str:
    return "".join(character for character in plain(word).casefold() if character.isalnum())


def _by_spelling() -> Iterator[tuple[str, Metric]]:
    for entry in METRICS:
        for spelling in spellings(entry):
            yield _key(spelling), entry


_BY_SPELLING = dict(_by_spelling())
