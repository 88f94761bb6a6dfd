"""What may stand in each component of a Feishu card? The properties, kinds and ranges that Feishu documents, and nothing else.

Every shape names its page under https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/. Only the components that a card of ours can have
are described: any other tag is refused. In JSON 2.0 an unknown property is an error (card-json-v2-breaking-changes-release-notes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

# What is wrong with a value, place by place.
Check = Callable[[object, str], Iterator[str]]

PARTS = "card-json-v2-components"
STRUCTURE = "card-json-v2-structure"
TEXT_SIZES = (
    *("heading-0", "heading-1", "heading-2", "heading-3", "heading-4", "heading", "normal", "notation"),
    *("xxxx-large", "xxx-large", "xx-large", "x-large", "large", "medium", "small", "x-small"),
)
# Enumerations for color, and the colours of a title: content-components/title.
COLORS = (
    *("default", "neutral", "blue", "turquoise", "lime", "orange", "violet", "indigo", "wathet", "green", "yellow", "red", "purple", "carmine"),
    *("grey", "white", "black"),
)
TEMPLATES = ("blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet", "purple", "indigo", "grey", "default")
BUTTON_TYPES = ("default", "primary", "danger", "text", "primary_text", "danger_text", "primary_filled", "danger_filled", "laser")
DATA_TYPES = ("text", "lark_md", "options", "number", "persons", "date", "markdown")


@dataclass(frozen=True, slots=True)
class Shape:
    """The properties of an object, those that must be there, and the page that says so."""

    page: str
    properties: Mapping[str, Check]
    required: tuple[str, ...] = ()

    def __call__(self, value: object, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}: an object is wanted ({self.page})"
            return
        for name, part in value.items():
            check = self.properties.get(name)
            if check is None:
                yield f"{at}.{name}: unknown property ({self.page})"
            else:
                yield from check(part, f"{at}.{name}")
        yield from (f"{at}.{name}: must be there ({self.page})" for name in self.required if name not in value)


def anything(_value: object, _at: str) -> Iterator[str]:
    """No rule."""
    return iter(())


def flag(value: object, at: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield f"{at}: true or false is wanted"


def string(most: int | None = None, like: str = "") -> Check:
    """Words, of at most so many characters, or written in one way."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{at}: a string is wanted"
        elif most is not None and len(value) > most:
            yield f"{at}: {len(value)} characters, at most {most}"
        elif like and not re.fullmatch(like, value):
            yield f"{at}: {value!r} is not written like {like}"

    return check


def one_of(*values: object) -> Check:
    """One of a few values."""

    def check(value: object, at: str) -> Iterator[str]:
        if value not in values:
            yield f"{at}: {value!r} is none of {values}"

    return check


def whole(least: int, most: int) -> Check:
    """A whole number in a range."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield f"{at}: {value!r} is no whole number from {least} to {most}"

    return check


def many(item: Check, least: int = 0, most: int | None = None) -> Check:
    """A list."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{at}: a list is wanted"
            return
        if len(value) < least or (most is not None and len(value) > most):
            yield f"{at}: {len(value)} items, {least} to {most} may be"
        for number, part in enumerate(value):
            yield from item(part, f"{at}[{number}]")

    return check


PLAIN = Shape(f"{PARTS}/content-components/plain-text", {"tag": one_of("plain_text"), "content": string()}, ("tag", "content"))
PLACEHOLDER = Shape(f"{PARTS}/interactive-components/input", {"tag": one_of("plain_text"), "content": string(100)}, ("tag",))
TITLE = Shape(f"{PARTS}/content-components/title", {"tag": one_of("plain_text", "lark_md"), "content": string()}, ("tag",))
CONFIRM = Shape(f"{PARTS}/interactive-components/button", {"title": PLAIN, "text": PLAIN}, ("title", "text"))
CALLBACK = Shape("configuring-card-interactions", {"type": one_of("callback"), "value": anything}, ("type", "value"))
PIXELS = r"-?\d{1,2}px|0"
MARGIN = string(like=rf"({PIXELS})( ({PIXELS})){{0,3}}")
SPACING = string(like=r"small|medium|large|extra_large|\d{1,2}px")
WIDTH = string(like=r"default|fill|[1-9]\d{2,}px")
ALIGN = one_of("left", "center", "right")
VERTICAL = one_of("top", "center", "bottom")
COMMON: Mapping[str, Check] = {"tag": string(), "element_id": string(20, "[A-Za-z][A-Za-z0-9_]*"), "margin": MARGIN}
LAYOUT: Mapping[str, Check] = {
    "direction": one_of("vertical", "horizontal"),
    "padding": MARGIN,
    "horizontal_spacing": SPACING,
    "horizontal_align": ALIGN,
    "vertical_spacing": SPACING,
    "vertical_align": VERTICAL,
}
# What every input of a form has: each page under interactive-components.
INPUT: Mapping[str, Check] = {
    **COMMON,
    "name": string(),
    "required": flag,
    "disabled": flag,
    "width": WIDTH,
    "placeholder": PLACEHOLDER,
    "confirm": CONFIRM,
    "behaviors": many(CALLBACK),
}
OPTION = Shape(f"{PARTS}/interactive-components/single-select-dropdown-menu", {"text": PLAIN, "value": string()}, ("text", "value"))

CARD = Shape(
    STRUCTURE,
    {
        "schema": one_of("2.0"),
        "config": Shape(
            STRUCTURE,
            {
                "update_multi": one_of(True),
                "summary": Shape(STRUCTURE, {"content": string()}),
                "enable_forward": flag,
                "enable_forward_interaction": flag,
                "width_mode": one_of("default", "compact", "fill"),
                "use_custom_translation": flag,
            },
        ),
        "header": Shape(
            f"{PARTS}/content-components/title",
            {"title": TITLE, "subtitle": TITLE, "template": one_of(*TEMPLATES), "padding": MARGIN},
            ("title",),
        ),
        "body": Shape(STRUCTURE, {**LAYOUT, "elements": anything}, ("elements",)),
    },
    ("schema", "body"),
)

COMPONENTS: Mapping[str, Shape] = {
    "div": Shape(
        f"{PARTS}/content-components/plain-text",
        {
            **COMMON,
            "width": string(like=r"fill|auto|\d{2,3}px"),
            "text": Shape(
                f"{PARTS}/content-components/plain-text",
                {
                    "tag": one_of("plain_text", "lark_md"),
                    "content": string(),
                    "text_size": one_of(*TEXT_SIZES),
                    "text_color": one_of(*COLORS),
                    "text_align": ALIGN,
                    "lines": whole(1, 999),
                },
                ("tag", "content"),
            ),
        },
        ("tag",),
    ),
    "markdown": Shape(
        f"{PARTS}/content-components/rich-text",
        {**COMMON, "content": string(), "text_size": one_of(*TEXT_SIZES), "text_align": ALIGN},
        ("tag", "content"),
    ),
    "img": Shape(
        f"{PARTS}/content-components/image",
        {
            **COMMON,
            "img_key": string(like=".+"),
            "alt": PLAIN,
            "title": PLAIN,
            "corner_radius": string(like=r"\d+px|\d{1,3}%"),
            "scale_type": one_of("crop_center", "crop_top", "fit_horizontal"),
            "size": string(like=r"large|medium|small|tiny|stretch|\d+px \d+px"),
            "transparent": flag,
            "preview": flag,
        },
        ("tag", "img_key", "alt"),
    ),
    "hr": Shape(f"{PARTS}/content-components/divider", COMMON, ("tag",)),
    "table": Shape(
        f"{PARTS}/content-components/table",
        {
            **COMMON,
            "page_size": whole(1, 10),
            "row_height": string(like=r"low|middle|high|auto|\d{2,3}px"),
            "row_max_height": string(like=r"\d{2,3}px"),
            "freeze_first_column": flag,
            "header_style": Shape(
                f"{PARTS}/content-components/table",
                {
                    "text_align": ALIGN,
                    "text_size": one_of("normal", "heading"),
                    "background_style": one_of("grey", "none"),
                    "text_color": one_of("default", "grey"),
                    "bold": flag,
                    "lines": whole(1, 999),
                },
            ),
            "columns": many(
                Shape(
                    f"{PARTS}/content-components/table",
                    {
                        "name": string(like=".+"),
                        "display_name": string(),
                        "width": string(like=r"auto|([89]\d|[1-5]\d\d|600)px|([1-9]\d?|100)%"),
                        "vertical_align": VERTICAL,
                        "horizontal_align": ALIGN,
                        "data_type": one_of(*DATA_TYPES),
                    },
                    ("name", "data_type"),
                ),
                1,
                50,
            ),
            "rows": many(anything),
        },
        ("tag", "columns", "rows"),
    ),
    "column_set": Shape(
        f"{PARTS}/containers/column-set",
        {
            **COMMON,
            "horizontal_spacing": SPACING,
            "horizontal_align": ALIGN,
            "flex_mode": one_of("none", "stretch", "flow", "bisect", "trisect"),
            "background_style": one_of(*COLORS),
            "columns": anything,
        },
        ("tag", "columns"),
    ),
    "column": Shape(
        f"{PARTS}/containers/column-set",
        {
            **COMMON,
            **LAYOUT,
            "background_style": one_of(*COLORS),
            "width": string(like=r"auto|weighted|(1[6-9]|[2-9]\d|[1-5]\d\d|600)px"),
            "weight": whole(1, 5),
            "elements": anything,
        },
        ("tag",),
    ),
    "form": Shape(f"{PARTS}/containers/form-container", {**COMMON, **LAYOUT, "name": string(like=".+"), "elements": anything}, ("name", "elements")),
    "button": Shape(
        f"{PARTS}/interactive-components/button",
        {
            **COMMON,
            "type": one_of(*BUTTON_TYPES),
            "size": one_of("tiny", "small", "medium", "large"),
            "width": WIDTH,
            "text": PLAIN,
            "hover_tips": PLAIN,
            "disabled": flag,
            "disabled_tips": PLAIN,
            "confirm": CONFIRM,
            "behaviors": many(CALLBACK),
            "name": string(),
            "form_action_type": one_of("submit", "reset"),
        },
        ("tag",),
    ),
    "input": Shape(
        f"{PARTS}/interactive-components/input",
        {
            **INPUT,
            "default_value": string(1000),
            "max_length": whole(1, 1000),
            "input_type": one_of("text", "multiline_text", "password"),
            "rows": whole(1, 999),
            "auto_resize": flag,
            "max_rows": whole(1, 999),
            "label": PLAIN,
            "label_position": one_of("top", "left"),
        },
        ("tag",),
    ),
    "select_static": Shape(
        f"{PARTS}/interactive-components/single-select-dropdown-menu",
        {**INPUT, "type": one_of("default", "text"), "options": many(OPTION, 1), "initial_option": string()},
        ("tag", "options"),
    ),
    "multi_select_static": Shape(
        f"{PARTS}/interactive-components/multi-select-dropdown-menu",
        {**INPUT, "type": one_of("default", "text"), "options": many(OPTION, 1), "selected_values": many(string())},
        ("tag", "name", "options"),
    ),
    "date_picker": Shape(
        f"{PARTS}/interactive-components/date-picker",
        {**INPUT, "initial_date": string(like=r"\d{4}-\d{2}-\d{2}")},
        ("tag",),
    ),
}
