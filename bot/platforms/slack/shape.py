"""Is a rightly signed request of the shape that Bolt relies on? Bolt looks into what it got without asking, and breaks on anything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.platforms.fields import Body, part, parts, word

# The kinds of the parts that Bolt looks at, wherever they stand; any of them may be missing or null.
NAMED = (str, Mapping)
KINDS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(
        ("type", "command", "team_id", "user_id", "channel_id", "enterprise_id", "callback_id", "subtype", "response_url", "thread_ts"), (str,)
    ),
    **dict.fromkeys(("action_id", "block_id", "app_installed_team_id", "bot_access_token", "function_execution_id", "bot_id"), (str,)),
    **dict.fromkeys(("team", "user", "channel", "enterprise"), NAMED),
    **dict.fromkeys(("view", "event", "container", "assistant_thread", "item", "function_data", "previous_message", "message", "state"), (Mapping,)),
    **dict.fromkeys(("actions", "authorizations", "response_urls"), (list,)),
}
# Where Bolt looks into a part, as it looks into the whole.
INNER = ("view", "event", "message", "previous_message", "item", "user", "team", "channel", "enterprise", "assistant_thread", "function_data")
# What must be there for a type of request.
NEEDED: Mapping[str, Sequence[Sequence[str]]] = {
    "view_submission": (("view", "type"), ("view", "callback_id")),
    "event_callback": (("event", "type"),),
}


def is_slacks(body: object) -> bool:
    """Whether the request could come from Slack, known to us or not."""
    if not isinstance(body, Mapping) or not (word(body, "type") or word(body, "command")):
        return False
    needed = all(word(body, *path) for path in NEEDED.get(word(body, "type"), ()))
    return needed and _is_well(body) and _has_actions(body)


def _is_well(body: Body) -> bool:
    """Whether every part is of its kind, and lists hold objects alone."""
    for name, found in body.items():
        if found is None or name not in KINDS:
            continue
        if not isinstance(found, KINDS[name]):
            return False
        if isinstance(found, list) and not all(isinstance(item, Mapping) and _is_well(item) for item in found):
            return False
    return all(_is_well(part(body, name)) for name in INNER if isinstance(body.get(name), Mapping))


def _has_actions(body: Body) -> bool:
    """A press names at least one action."""
    return word(body, "type") != "block_actions" or any(word(action, "type") and word(action, "action_id") for action in parts(body, "actions"))
