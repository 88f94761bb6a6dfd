"""Would Feishu take this card? The documented rules of card JSON 2.0 that go over a whole card, on top of the shapes of its components.

Written from Feishu's pages, without a look at the renderer; each rule names its page under
https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.contract.feishu_shapes import CARD, COMPONENTS, PARTS, STRUCTURE

Json = dict[str, object]

# https://open.feishu.cn/document/server-docs/im-v1/message/create: the body of the request, in which the card is a string.
REQUEST_BYTES = 30 * 1024
ENVELOPE: Json = {"receive_id": "o" * 64, "msg_type": "interactive", "uuid": "u" * 50, "content": ""}
ELEMENTS = 200  # card-json-v2-structure
NESTING = 5  # containers/column-set, containers/form-container
TABLES = 5  # content-components/table
INTERACTIVE = ("button", "input", "select_static", "multi_select_static", "date_picker")
CONTAINERS = ("column_set", "form")
ROOT_ONLY = ("table", "form")


def problems(card: object) -> list[str]:
    """What Feishu would refuse, each with its place and the page of the rule; empty for a good card."""
    found = list(CARD(card, "card"))
    if not isinstance(card, dict):
        return found
    parts = list(_parts(_children(card.get("body"), "elements"), "body", ()))
    return (
        found
        + [problem for rule in (_size, _count, _names) for problem in rule(card)]
        + [told for part in parts for told in _of(part)]
        + _tables(parts)
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A component at its place, within others."""

    element: Json
    at: str
    within: tuple[str, ...]

    @property
    def tag(self) -> str:
        return str(self.element.get("tag", ""))


def _parts(elements: Sequence[object], at: str, within: tuple[str, ...]) -> Iterator[Part]:
    for number, element in enumerate(elements):
        if isinstance(element, dict):
            part = Part(element, f"{at}[{number}]", within)
            yield part
            for key in ("elements", "columns") if part.tag != "table" else ():
                yield from _parts(_children(element, key), f"{part.at}.{key}", (*within, part.tag))


def _children(holder: object, key: str) -> Sequence[object]:
    found = holder.get(key) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else ()


def _of(part: Part) -> Iterator[str]:
    shape = COMPONENTS.get(part.tag)
    if shape is None:
        yield f"{part.at}: no component is called {part.tag!r} ({PARTS}/component-json-v2-overview)"
        return
    yield from shape(part.element, part.at)
    yield from _place(part)
    if part.tag == "form":
        yield from _form(part)
    if part.tag in INTERACTIVE and "form" in part.within:
        yield from _in_form(part)
    if part.tag in ("select_static", "multi_select_static"):
        yield from _choices(part)
    if part.tag == "table":
        yield from _cells(part)


def _place(part: Part) -> Iterator[str]:
    if part.tag in ROOT_ONLY and part.within:
        yield f"{part.at}: a {part.tag} stands at the root only ({PARTS}/component-json-v2-overview)"
    if part.tag == "column" and part.within[-1:] != ("column_set",):
        yield f"{part.at}: a column stands in a column_set ({PARTS}/containers/column-set)"
    if part.tag == "chart" and "form" in part.within:
        yield f"{part.at}: no chart in a form ({PARTS}/containers/form-container)"
    if part.tag == "multi_select_static" and "form" not in part.within:
        yield f"{part.at}: stands in a form only ({PARTS}/interactive-components/multi-select-dropdown-menu)"
    if sum(tag in CONTAINERS for tag in (*part.within, part.tag)) > NESTING:
        yield f"{part.at}: more than {NESTING} containers deep ({PARTS}/containers/column-set)"


def _form(part: Part) -> Iterator[str]:
    inside = [inner for inner in _parts(_children(part.element, "elements"), part.at, ("form",)) if inner.tag == "button"]
    if not any(inner.element.get("form_action_type") == "submit" for inner in inside):
        yield f"{part.at}: has no button that submits it ({PARTS}/containers/form-container)"


def _in_form(part: Part) -> Iterator[str]:
    if not part.element.get("name"):
        yield f"{part.at}.name: must be there within a form ({PARTS}/containers/form-container)"
    if part.tag == "button" and "form_action_type" not in part.element:
        yield f"{part.at}.form_action_type: must be there within a form ({PARTS}/containers/form-container)"


def _choices(part: Part) -> Iterator[str]:
    values = [option.get("value") for option in _children(part.element, "options") if isinstance(option, dict)]
    if len(set(values)) < len(values):
        yield f"{part.at}.options: the same value twice ({PARTS}/interactive-components/single-select-dropdown-menu)"
    chosen = [*_children(part.element, "selected_values"), *([part.element["initial_option"]] if part.element.get("initial_option") else [])]
    if not set(chosen) <= set(values):
        yield f"{part.at}: {chosen} is chosen, but is no option ({PARTS}/interactive-components/multi-select-dropdown-menu)"


def _cells(part: Part) -> Iterator[str]:
    types = {column.get("name"): column.get("data_type") for column in _children(part.element, "columns") if isinstance(column, dict)}
    if len(types) < len(_children(part.element, "columns")):
        yield f"{part.at}.columns: the same name twice ({PARTS}/content-components/table)"
    for number, row in enumerate(_children(part.element, "rows")):
        cells = row if isinstance(row, dict) else {}
        for name, value in cells.items():
            if name not in types:
                yield f"{part.at}.rows[{number}].{name}: no such column ({PARTS}/content-components/table)"
            elif types[name] in ("text", "lark_md", "markdown") and not isinstance(value, str):
                yield f"{part.at}.rows[{number}].{name}: {value!r} is no text ({PARTS}/content-components/table)"


def _size(card: Json) -> Iterator[str]:
    body = {**ENVELOPE, "content": json.dumps(card, ensure_ascii=False, separators=(",", ":"))}
    size = len(json.dumps(body, ensure_ascii=False).encode())
    if size > REQUEST_BYTES:
        yield f"card: the request takes {size} bytes, at most {REQUEST_BYTES} (server-docs/im-v1/message/create)"


def _count(card: Json) -> Iterator[str]:
    tags = sum(1 for holder in objects(card) if "tag" in holder)
    if tags > ELEMENTS:
        yield f"card: {tags} elements, at most {ELEMENTS} ({STRUCTURE})"


def _names(card: Json) -> Iterator[str]:
    for key in ("element_id", "name"):
        # A table's columns have names of their own.
        given = Counter(holder[key] for holder in objects(card) if key in holder and "tag" in holder)
        yield from (f"card: {key} {name!r} stands there {times} times ({STRUCTURE})" for name, times in given.items() if times > 1)


def _tables(parts: Sequence[Part]) -> list[str]:
    count = sum(part.tag == "table" for part in parts)
    return [f"card: {count} tables, at most {TABLES} ({PARTS}/content-components/table)"] if count > TABLES else []


def objects(value: object) -> Iterator[Json]:
    """Every object in it, from the outside in."""
    if isinstance(value, dict):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from objects(part)
