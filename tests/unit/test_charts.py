"""What must a picture show, whatever its figures and words? Rules of scale, words and bands, and the pixels of whole pictures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.ft2font import FT2Font
from PIL import Image
from PIL.ImageColor import getrgb

from benchmarks.digest_picture import sample_chart
from core.analysis import fonts
from core.analysis.charts import LEFT, RIGHT, WIDTH, draw
from core.analysis.figure_bands import header, shades
from core.analysis.figure_canvas import ALARM, BLUE
from core.analysis.figure_panel import target_of
from core.analysis.figure_scale import Days, Off, Span, days_of, end_point, reach_target, strokes, value_span
from core.domain.readings import State
from core.messages.model import Band, Chart, Panel, Point

FIRST = date(2024, 5, 7)
STATES = {"-": State.MISSING, "x": State.CLOSED}


def points(*marks: float | str, last: State = State.FINAL) -> tuple[Point, ...]:
    """A day a mark: a value, `-` for missing, `x` for closed."""
    days = [FIRST + timedelta(days=step) for step in range(len(marks))]
    drawn = [
        Point(day, None, STATES[mark]) if isinstance(mark, str) else Point(day, Decimal(str(mark)), State.FINAL)
        for day, mark in zip(days, marks, strict=True)
    ]
    return (*drawn[:-1], replace(drawn[-1], state=last)) if drawn and drawn[-1].value is not None else tuple(drawn)


def chart(*panels: Panel, bands: Iterable[Band] = ()) -> Chart:
    return Chart(name="digest", alt="", caption="近 28 天", panels=panels, bands=tuple(bands))


def picture(drawn: Chart) -> Image.Image:
    return Image.open(BytesIO(draw(drawn)))


def columns_with(image: Image.Image, colour: str) -> set[int]:
    """The x of every pixel of exactly that colour."""
    wanted = getrgb(colour)
    return {x for x in range(image.width) for y in range(image.height) if image.getpixel((x, y)) == wanted}


# ------------------------------------------------------------------ scale


def test_a_missing_day_parts_the_line_and_a_closed_one_does_not() -> None:
    runs = strokes(points(1, "x", 2, "-", "-", 3, "x", 4))
    assert [[point.value for point in run] for run in runs] == [[1, 2], [3, 4]]


def test_the_end_is_the_last_open_day_and_none_when_that_is_missing() -> None:
    assert end_point(points(1, 2, "x")) == points(1, 2)[1]
    assert end_point(points(1, 2, "-")) is None
    assert end_point(points(1, 2, "-", "x")) is None
    assert end_point(()) is None


@pytest.mark.parametrize("level", [0, 5, -5, 10**15])
def test_a_flat_line_stands_in_the_middle(level: int) -> None:
    span = value_span(points(level, level))
    assert span is not None
    assert span.share(level) == pytest.approx(0.5)


def test_small_noise_does_not_fill_the_height() -> None:
    span = value_span(points(100.0, 100.1))
    assert span is not None
    assert span.share(100.1) - span.share(100.0) < 0.05


def test_a_near_target_stretches_the_span_and_a_far_one_does_not() -> None:
    span = Span(10, 20)
    assert reach_target(span, 50) == Span(10, 50)
    assert reach_target(span, -20) == Span(-20, 20)
    assert reach_target(span, 51) is Off.ABOVE
    assert reach_target(span, -21) is Off.BELOW


def test_a_far_target_says_on_which_side_it_lies() -> None:
    panel = Panel("GMV", "1", points=points(1, 2), target=Decimal(100), target_label="目标")
    target = target_of(panel)
    assert target is not None
    assert (target.label.text, target.off) == ("↑ 目标", Off.ABOVE)


def test_all_panels_share_the_days_of_the_longest() -> None:
    days = days_of(chart(Panel("a", "1", points=points(1, 2, 3)), Panel("b", "1", points=points(1)), Panel("c", "—")))
    assert days == Days(FIRST, FIRST + timedelta(days=2))
    assert days_of(chart(Panel("c", "—"))) is None


# ------------------------------------------------------------------ words


def test_this_machine_has_a_chinese_font_with_the_true_minus() -> None:
    face = fonts.chinese_face()
    assert face is not None
    assert FT2Font(face.path).get_char_index(ord("−"))
    assert fonts.font_problem() is None


def test_without_a_chinese_font_the_doctor_hears_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    monkeypatch.setattr(fonts, "DEBIAN_NOTO", Path("/nowhere.ttc"))
    assert "pylopdf-fonts-zh-cn" in (fonts.font_problem() or "")


def test_characters_without_a_glyph_become_a_box_and_emoji_vanish() -> None:
    assert fonts.drawable("大促🛍\n第 1\u2009波 \U00010400") == "大促 第 1\u2009波 □"


@given(st.text(max_size=60), st.floats(40, 500))
def test_fitted_words_stay_in_their_room(text: str, room: float) -> None:
    words = fonts.fit(text, room, 27, 20)
    assert words.width <= room
    assert 20 <= words.size <= 27


@given(st.decimals(allow_nan=False, allow_infinity=False).map(str))
def test_a_figure_is_made_smaller_but_never_cut(text: str) -> None:
    words = fonts.shrink(text, 240, 54)
    assert words.text == text
    assert words.width <= 240 or words.size == 1


# ------------------------------------------------------------------ bands


def test_only_bands_in_sight_are_shaded_and_one_label_keeps_its_tint() -> None:
    days = Days(date(2024, 6, 1), date(2024, 6, 28))
    seen = shades(
        (
            Band("618", date(2024, 6, 16), date(2024, 7, 2)),
            Band("618", date(2024, 5, 25), date(2024, 6, 3)),
            Band("端午", date(2024, 6, 8), date(2024, 6, 10)),
            Band("五一", date(2024, 5, 1), date(2024, 5, 5)),
        ),
        days,
    )
    assert [(shade.label, shade.start.day, shade.end.day) for shade in seen] == [("618", 1, 3), ("端午", 8, 10), ("618", 16, 28)]
    assert seen[0].tint == seen[2].tint != seen[1].tint


def test_band_labels_go_below_a_caption_that_they_would_meet() -> None:
    days = Days(date(2024, 6, 1), date(2024, 6, 28))
    short = shades((Band("618", days.first, days.last),), days)
    long = shades(tuple(Band(f"{number} mid-year shopping festival, main event", days.first, days.last) for number in range(3)), days)
    assert not header("Last 28 days", short, 900).below
    crowded = header("Last 28 days", long, 900)
    assert crowded.below
    assert sum(words.width for words, _ in crowded.labels) < 900
    assert header("", (), 900).height == 0


# ------------------------------------------------------------------ pictures


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("count", range(9))
def test_up_to_eight_panels_are_drawn_at_phone_width_with_free_margins(locale: str, count: int) -> None:
    sample = sample_chart("zh-CN" if locale == "zh-CN" else "en")
    image = picture(replace(sample, panels=(*sample.panels, *sample.panels)[:count]))
    assert (image.format, image.mode, image.width) == ("PNG", "RGB", WIDTH)
    for margin in ((0, 0, LEFT - 4, image.height), (WIDTH - RIGHT + 4, 0, WIDTH, image.height), (0, image.height - 20, WIDTH, image.height)):
        assert image.crop(margin).getextrema() == ((255, 255), (255, 255), (255, 255))


def test_a_missing_week_leaves_the_middle_of_the_line_empty() -> None:
    values = [float(day % 3) for day in range(28)]
    whole = columns_with(picture(chart(Panel("GMV", "2", points=points(*values)))), BLUE)
    parted = columns_with(picture(chart(Panel("GMV", "2", points=points(*values[:10], *"-------", *values[17:])))), BLUE)
    bridged = columns_with(picture(chart(Panel("GMV", "2", points=points(*values[:10], *"xxxxxxx", *values[17:])))), BLUE)
    middle = set(range(440, 600))
    assert len(whole & middle) > 100
    assert len(bridged & middle) > 100
    assert not parted & middle


def test_a_provisional_end_is_a_hollow_dot() -> None:
    panel = Panel("GMV", "5", tone="bad", points=points(5, 5, 5))
    final = picture(chart(panel))
    provisional = picture(chart(replace(panel, points=points(5, 5, 5, last=State.PROVISIONAL))))
    dot = max(columns_with(final, ALARM)) - 7
    height = next(y for y in range(200, final.height) if final.getpixel((dot, y)) == getrgb(ALARM)) + 8
    assert final.getpixel((dot, height)) == getrgb(ALARM)
    assert provisional.getpixel((dot, height)) == getrgb("#ffffff")
    assert getrgb(ALARM) in {provisional.getpixel((dot, y)) for y in range(height - 12, height)}


def test_a_provisional_day_before_the_end_is_marked_too() -> None:
    drawn = points(5, 5, 5)
    plain = picture(chart(Panel("GMV", "5", points=drawn)))
    marked = picture(chart(Panel("GMV", "5", points=(drawn[0], replace(drawn[1], state=State.PROVISIONAL), drawn[2]))))
    assert plain.tobytes() != marked.tobytes()


def test_a_missing_end_has_no_dot() -> None:
    image = picture(chart(Panel("GMV", "—", tone="bad", points=points(5, 6, 7, "-"))))
    assert not columns_with(image, ALARM)


@pytest.mark.parametrize(
    "panel",
    [
        Panel("全部缺失", "—", points=points("-", "-"), target=Decimal(10), target_label="目标"),
        Panel("没有点", "—", target=Decimal(0), target_label="目标"),
        Panel("一天", "12", points=points(12), target=Decimal(13), target_label="目标"),
        Panel("Huge", "¥1,234,567,890,123,456", ("attainment 1,234% of the target", "−12%"), "bad", points(10**18, -(10**18)), Decimal(10**18), "T"),
        Panel("Only $ and $", "$1", ("$2", "$3"), points=points(0, 0), target=Decimal(0), target_label="$"),
    ],
    ids=lambda panel: panel.title,
)
def test_odd_panels_stand_in_full_width_and_in_columns(panel: Panel) -> None:
    band = Band("618", FIRST, FIRST)
    assert picture(chart(panel, bands=[band])).width == WIDTH
    assert picture(chart(panel, panel, panel, bands=[band])).width == WIDTH


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_people_call_things_it_is_drawn_without_a_warning(title: str, label: str) -> None:
    panel = Panel(title, label, (title, label), points=points(1, 2), target=Decimal(1), target_label=title)
    assert picture(chart(panel, bands=[Band(label, FIRST, FIRST)])).width == WIDTH
