"""How long does the digest's picture take, against the same panels drawn the usual pyplot way?"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Literal

from core.domain.readings import State
from core.messages.model import Band, Chart, Panel, Point

LAST = date(2024, 6, 3)
DAYS = 28

# Name, number, attainment, deviation, worth acting on, usual level, target; made up.
ROWS = {
    "zh-CN": (
        ("GMV", "28.6万", "达成 95%", "环比 −6%", False, 290_000, 300_000),
        ("订单量", "1,043", "达成 98%", "环比 −2%", False, 1_080, 1_064),
        ("DAU", "8.5万", "达成 85%", "偏差 −15%", True, 96_000, 100_000),
        ("加购-下单转化率", "18%", "达成 72%", "偏差 −28%", True, 0.235, 0.25),
        ("7日留存率", "35%", "达成 88%", "偏差 −12.5%", True, 0.37, 0.4),
        ("活动 ROI", "2.2:1", "达成 73%", "偏差 −26.7%", True, 2.6, 3),
    ),
    "en": (
        ("GMV", "¥286K", "95% of target", "−6% on Sun", False, 290_000, 300_000),
        ("Orders", "1,043", "98% of target", "−2% on Sun", False, 1_080, 1_064),
        ("Daily active users", "85K", "85% of target", "−15%", True, 96_000, 100_000),
        ("Cart-to-order conversion rate", "18%", "72% of target", "−28%", True, 0.235, 0.25),
        ("7-day retention", "35%", "88% of target", "−12.5%", True, 0.37, 0.4),
        ("Campaign ROI", "2.2:1", "73% of target", "−26.7%", True, 2.6, 3),
    ),
}
CAPTIONS = {"zh-CN": "近 28 天 · 截至 6月3日(周一)", "en": "Last 28 days · to Mon 3 Jun"}
BANDS = {"zh-CN": "618 年中大促", "en": "618 mid-year sale"}
TARGETS = {"zh-CN": "目标", "en": "Target"}


def sample_chart(locale: Literal["zh-CN", "en"]) -> Chart:
    """Six made-up panels of 28 days with a campaign and targets, as the digest of a morning shows them."""
    band = Band(BANDS[locale], LAST - timedelta(days=9), LAST + timedelta(days=15))
    panels = tuple(_panel(number, locale) for number in range(len(ROWS[locale])))
    return Chart(name="digest", alt=CAPTIONS[locale], caption=CAPTIONS[locale], panels=panels, bands=(band,))


def _panel(number: int, locale: Literal["zh-CN", "en"]) -> Panel:
    title, text, attained, deviation, bad, level, target = ROWS[locale][number]
    points = _points(number, level, target * int(attained.strip("达成 ").split("%")[0]) / 100)
    return Panel(title, text, (attained, deviation), "bad" if bad else "neutral", points, Decimal(str(target)), TARGETS[locale])


def _points(seed: int, level: float, last: float) -> tuple[Point, ...]:
    """A week's rhythm with some noise, the same on every run, ending at `last`."""
    noise = random.Random(seed)
    values = [level * (1 + 0.09 * math.sin(day * math.tau / 7 + seed) + noise.gauss(0, 0.03)) for day in range(DAYS - 1)]
    first = LAST - timedelta(days=DAYS - 1)
    return tuple(Point(first + timedelta(days=day), Decimal(f"{value:.4f}"), State.FINAL) for day, value in enumerate([*values, last]))


def ours(chart: Chart) -> bytes:
    """The picture as the digest sends it."""
    from core.analysis.charts import draw

    return draw(chart)


def pyplot(chart: Chart) -> bytes:
    """The same panels, lines, bands, targets and words on a fresh pyplot figure of the same size, with its usual axes.

    The days are numbered rather than dated: date ticks would take pyplot twice as long, and nobody reads them here.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from core.analysis.fonts import faces

    with plt.rc_context({"font.family": [face.family for face in faces()], "axes.unicode_minus": False}):
        figure, grid = plt.subplots(3, 2, figsize=(10, 8.5), dpi=108)
        for panel, axes in zip(chart.panels, grid.flat, strict=True):
            axes.plot(range(len(panel.points)), [float(point.value or 0) for point in panel.points])
            for band in chart.bands:
                first, last = ((min(day, LAST) - panel.points[0].day).days for day in (band.start, band.end))
                axes.axvspan(first, last, alpha=0.3, label=band.label)
            axes.axhline(float(panel.target or 0), linestyle="--", label=panel.target_label)
            axes.set_title(f"{panel.title} {panel.number} {' '.join(panel.notes)}")
        figure.suptitle(chart.caption)
        file = BytesIO()
        figure.savefig(file, format="png")
        plt.close(figure)
    return file.getvalue()


def cases() -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    chart = sample_chart("zh-CN")
    return {"picture, pyplot": lambda: pyplot(chart), "picture, ours": lambda: ours(chart)}
