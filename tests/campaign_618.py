"""What is the template's own campaign (table 5), as test data?

The template dates the phases and the launch. Its selling periods are named without dates: here they share out the selling days, the encore
closing them on 06-17 and 06-18, since a period outside launch and end is refused.
"""

from __future__ import annotations

from datetime import date

from core.domain.campaigns import Campaign, Phase, PhaseKind

PHASES = (
    Phase("plan", PhaseKind.PHASE, "策划阶段", date(2024, 5, 1), date(2024, 5, 10)),
    Phase("prepare", PhaseKind.PHASE, "准备阶段", date(2024, 5, 11), date(2024, 5, 25)),
    Phase("run", PhaseKind.PHASE, "执行阶段", date(2024, 5, 26), date(2024, 6, 18)),
    Phase("warmup", PhaseKind.PERIOD, "预热期", date(2024, 5, 26), date(2024, 6, 9)),
    Phase("burst", PhaseKind.PERIOD, "爆发期", date(2024, 6, 10), date(2024, 6, 16)),
    Phase("encore", PhaseKind.PERIOD, "返场期", date(2024, 6, 17), date(2024, 6, 18)),
    Phase("review", PhaseKind.PHASE, "复盘阶段", date(2024, 6, 19), date(2024, 6, 30)),
)

CAMPAIGN = Campaign(0, "618", "618年中大促", date(2024, 5, 26), date(2024, 6, 18), PHASES)
