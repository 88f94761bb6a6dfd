"""What does the demo shop want to reach? The targets of template table 6, and some that give the other figures a measure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from core.domain.campaigns import Campaign
from core.domain.periods import Grain
from core.domain.quantities import Comparator
from core.domain.targets import Target

SET_AT = datetime(2024, 4, 29, 2, tzinfo=UTC)
FROM = date(2024, 4, 1)
_STANDING = (
    ("dau", Grain.DAY, "100000", None),
    ("cart_conversion", Grain.WEEK, "0.25", None),
    ("retention_7d", Grain.WEEK, "0.40", None),
    ("gmv", Grain.DAY, "260000", None),
    ("orders", Grain.DAY, "1600", None),
    ("new_users", Grain.DAY, "1650", None),
    ("conversion", Grain.DAY, "0.015", None),
    ("ad_roi", Grain.DAY, "2.5", None),
    ("cac", Grain.DAY, "50", Comparator.AT_MOST),
    ("first_response", Grain.DAY, "30", Comparator.AT_MOST),
    ("satisfaction", Grain.DAY, "0.95", Comparator.AT_LEAST),
)


def targets(campaign: Campaign) -> Iterator[Target]:
    """Targets that stand, those of June, and those of the campaign."""
    for metric, grain, value, comparator in _STANDING:
        yield Target(metric, grain, Decimal(value), FROM, comparator=comparator)
    yield Target("gmv", Grain.MONTH, Decimal(9_600_000), date(2024, 6, 1), start=date(2024, 6, 1))
    yield Target("campaign_roi", Grain.CAMPAIGN, Decimal(3), campaign.launch, campaign=campaign.id)
