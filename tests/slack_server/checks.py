"""Would Slack take this message or view? Shapes of blocks, ids said twice, what a surface allows, how long it all is, which files it shows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from tests.slack_server.blocks import BLOCKS, ID
from tests.slack_server.shapes import Needed, Shape, by_type, many, one_of, shaped, string, yes_or_no
from tests.slack_server.values import Json
from tests.slack_server.world import SlackError, World, refused_arguments, refused_blocks

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
# Slack documents no number; refusals were seen from about here.
MOST_CHARACTERS = 11_000
MOST_TABLE_CHARACTERS = 10_000
MOST_VIEW_BYTES = 250_000
NOT_IN_VIEWS = {"table", "markdown"}

BLOCK = by_type(BLOCKS)
TITLE = shaped({"type": Needed(one_of("plain_text")), "text": Needed(string(24)), "emoji": yes_or_no})
SHARED: Shape = {"blocks": Needed(many(BLOCK, 100, 0)), "private_metadata": string(3000, 0), "callback_id": string(255, 0), "external_id": ID}
MODAL: Shape = {
    "title": Needed(TITLE),
    "submit": TITLE,
    "close": TITLE,
    **dict.fromkeys(("clear_on_close", "notify_on_close", "submit_disabled"), yes_or_no),
}
VIEW = by_type({"modal": {**SHARED, **MODAL}, "home": SHARED})


def check_message(world: World, blocks: object) -> tuple[Json, ...]:
    """The blocks of a message, as they are kept; raises `SlackError`."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = [*many(BLOCK, MOST_BLOCKS["message"], 0)(blocks, "/blocks")]
    if not problems:
        problems = [*_problems(world, blocks, "message")]
    if problems:
        raise refused_blocks(*problems)
    if sum(1 for block in blocks if block["type"] == "table") > 1:
        # Slack keeps tables as attachments, and its error says so.
        raise SlackError("invalid_attachments", errors=["only_one_table_allowed"])
    if _length([block for block in blocks if block["type"] != "table"]) > MOST_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    return tuple(_named(blocks))


def check_view(world: World, view: object, surface: Surface) -> Json:
    """A view, as it is kept; raises `SlackError`."""
    problems = [*VIEW(view, "/view")]
    if problems:
        raise refused_arguments(*problems)
    assert isinstance(view, dict)
    if view["type"] != surface:
        raise refused_arguments(f"must be a view of type {surface} [json-pointer:/view/type]")
    blocks = view["blocks"]
    problems = [*_problems(world, blocks, surface)]
    if any(block["type"] == "input" for block in blocks) and surface == "modal" and "submit" not in view:
        problems.append("submit is required when an input block is within the blocks array [json-pointer:/view]")
    if problems:
        raise refused_arguments(*problems)
    if len(json.dumps(view)) > MOST_VIEW_BYTES:
        raise SlackError("view_too_large")
    return {**view, "blocks": list(_named(blocks))}


def _problems(world: World, blocks: list[Json], surface: Surface) -> Iterator[str]:
    """What is wrong with blocks whose shapes are right."""
    for number, block in enumerate(blocks):
        at = f"/blocks/{number}"
        if block["type"] == "table" and _length(block) > MOST_TABLE_CHARACTERS:
            yield f"the characters of a table's cells are too many [json-pointer:{at}/rows]"
        if surface != "message" and block["type"] in NOT_IN_VIEWS:
            yield f"unsupported type: {block['type']} [json-pointer:{at}/type]"
        if block["type"] == "section" and not block.keys() & {"text", "fields"}:
            yield f"missing required field: text or fields [json-pointer:{at}]"
        yield from _repeated([element.get("action_id") for element in block.get("elements", ())], "action_id", at)
        yield from _pictures_and_choices(world, block, at)
    yield from _repeated([block.get("block_id") for block in blocks], "block_id", "/blocks")


def _repeated(names: list[str | None], what: str, at: str) -> Iterator[str]:
    """Ids that stand twice where they must be single."""
    for name, times in Counter(name for name in names if name is not None).items():
        if times > 1:
            yield f"`{what}` {name} already exists [json-pointer:{at}]"


def _pictures_and_choices(world: World, part: object, at: str) -> Iterator[str]:
    """Pictures that cannot be shown, and things said in two ways or in none."""
    if isinstance(part, list):
        for number, item in enumerate(part):
            yield from _pictures_and_choices(world, item, f"{at}/{number}")
    if not isinstance(part, dict):
        return
    if part.get("type") == "image" and not ("image_url" in part) ^ ("slack_file" in part):
        yield f"must provide either image_url or slack_file [json-pointer:{at}]"
    if part.get("type") in {"static_select", "multi_static_select"} and not ("options" in part) ^ ("option_groups" in part):
        yield f"must provide either options or option_groups [json-pointer:{at}]"
    if any(option not in offered(part) for option in (part.get("initial_option"), *part.get("initial_options", ())) if option):
        yield f"initial option must be among the options [json-pointer:{at}]"
    if "slack_file" in part and not _shown(world, part["slack_file"]):
        yield f"invalid slack file [json-pointer:{at}/slack_file]"
    for name, item in part.items():
        yield from _pictures_and_choices(world, item, f"{at}/{name}")


def offered(element: Json) -> list[Json]:
    """The options that can be chosen in an element, those in groups too."""
    return [*element.get("options", ()), *(option for group in element.get("option_groups", ()) for option in group["options"])]


def _shown(world: World, reference: Json) -> bool:
    """Whether a picture may stand in a block: it is complete, processed, and shared or excused from that."""
    found = world.uploads.get(reference.get("id", ""))
    if found is None:
        urls = {world.share(upload)["url_private"]: upload for upload in world.uploads.values()}
        found = urls.get(reference.get("url", ""))
    if found is None or not found.complete or found.looks_left:
        return False
    return bool(found.channels) or world.rules.unshared_files


def shows_files(blocks: tuple[Json, ...]) -> bool:
    """Whether a block shows a file of Slack's, which ephemeral messages cannot."""
    return "'slack_file'" in repr(blocks)


def _length(part: object) -> int:
    """The characters of all that is read in blocks: their texts, not their ids and values."""
    if isinstance(part, list):
        return sum(_length(item) for item in part)
    if not isinstance(part, dict):
        return 0
    return sum(len(item) if name in {"text", "alt_text"} and isinstance(item, str) else _length(item) for name, item in part.items())


def _named(blocks: list[Json]) -> Iterator[Json]:
    """The blocks, each with a block_id: Slack gives one where the app gave none."""
    for number, block in enumerate(blocks):
        yield {**block, "block_id": block.get("block_id") or f"made{number}"}
