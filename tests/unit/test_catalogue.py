"""Does every spelling lead to one metric, and is every definition whole?"""

from __future__ import annotations

from collections import defaultdict

import pytest

from core.domain import catalogue
from core.domain.catalogue import METRICS
from core.domain.metrics import Aggregation
from core.domain.periods import Grain


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("gmv", "gmv"),
        ("ＧＭＶ", "gmv"),
        ("成交额", "gmv"),
        ("销售额", "gmv"),
        ("net-gmv", "net_gmv"),
        ("Net GMV", "net_gmv"),
        ("日活", "dau"),
        ("客单价", "basket"),
        ("AOV", "basket"),
        ("加购-下单转化率", "cart_conversion"),
        ("加购下单转化率", "cart_conversion"),
        ("7日留存率", "retention_7d"),
        ("活动ROI", "campaign_roi"),
        ("首响", "first_response"),
    ],
)
def test_a_metric_is_found_by_any_of_its_names(word: str, code: str) -> None:
    found = catalogue.resolve(word)
    assert found is not None
    assert found.code == code


def test_no_two_metrics_share_a_spelling() -> None:
    owners = defaultdict(set)
    for metric in METRICS:
        for spelling in catalogue.spellings(metric):
            found = catalogue.resolve(spelling)
            assert found is not None
            owners[spelling.casefold()].update((metric.code, found.code))
    assert {spelling: codes for spelling, codes in owners.items() if len(codes) > 1} == {}


def test_an_unknown_word_is_answered_with_what_is_like_it() -> None:
    assert catalogue.resolve("dua") is None
    assert [metric.code for metric in catalogue.suggest("dua")] == ["dau"]
    assert catalogue.suggest("xyzzy") == []


def test_every_metric_is_named_and_defined_in_both_languages() -> None:
    for metric in METRICS:
        assert all((metric.names.zh, metric.names.en, metric.definition.zh, metric.definition.en)), metric.code


def test_what_a_metric_is_computed_from_is_daily_and_known() -> None:
    for metric in METRICS:
        for part in metric.parts():
            assert catalogue.metric(part).grain is Grain.DAY, metric.code


def test_sums_and_means_are_daily_so_that_coarser_ones_follow() -> None:
    for metric in METRICS:
        if metric.aggregation in (Aggregation.SUM, Aggregation.LAST, Aggregation.MEAN):
            assert metric.grain is Grain.DAY, metric.code
        if metric.aggregation is Aggregation.MEAN:
            assert metric.weight is not None, metric.code
