"""What stands in the fields of a view or message? What was there from the start, and what a person then typed or chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.slack_server.checks import offered
from tests.slack_server.values import Json
from tests.slack_server.world import World

Typed = str | Sequence[str]

# By kind of element: the property that holds its value, and the one that holds it from the start.
PLAIN = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
}
CHOSEN = {
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
}


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element that can be pressed or filled, with its block, in reading order."""
    for block in blocks:
        inner = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        for number, element in enumerate(part for part in inner if part):
            if block["type"] in {"actions", "section", "input"} and element["type"] != "image":
                yield block, {"action_id": f"made{number}", **element}


def values(world: World, blocks: Sequence[Json], typed: Mapping[str, Typed]) -> Json:
    """`state.values`: by block_id and action_id. `typed` is by block_id or action_id, options by their value, files by their id."""
    said: Json = {}
    for block, element in elements(blocks):
        if element["type"] == "button":
            continue
        given = typed.get(block["block_id"], typed.get(element["action_id"]))
        said.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], **value(world, element, given)}
    return said


def missing(blocks: Sequence[Json], stated: Json) -> list[str]:
    """The block_ids of fields that Slack's client asks for before it submits anything."""
    wanted = [block for block in blocks if block["type"] == "input" and not block.get("optional")]
    return [block["block_id"] for block in wanted if not any(_filled(one) for one in stated[block["block_id"]].values())]


def _filled(stated: Json) -> bool:
    return any(value for name, value in stated.items() if name != "type")


def value(world: World, element: Json, given: Typed | None) -> Json:
    """What an element holds: what was given, else what was there from the start. An option that is not offered cannot be chosen: KeyError."""
    kind = element["type"]
    if kind == "file_input":
        return {"files": [world.share(world.uploads[file]) for file in given or ()]}
    if kind in PLAIN:
        name, first = PLAIN[kind]
        return {name: (given if given is not None else element.get(first)) or None}
    name, first = CHOSEN[kind]
    single = name == "selected_option"
    if given is None:
        return {name: element.get(first) or (None if single else [])}
    options = {option["value"]: option for option in offered(element)}
    return {name: options[str(given)] if single else [options[one] for one in ([given] if isinstance(given, str) else given)]}
