"""What does Feishu do with an app's answer to an event? Notes it; after a press shows the toast, puts the new card in place, opens the token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from tests.feishu_server.cards import check_card
from tests.feishu_server.errors import ApiError
from tests.feishu_server.events import PRESS, Event
from tests.feishu_server.values import Answer, EditWay, Json
from tests.feishu_server.world import World

# What the person who pressed is shown: no answer in 3 s, a status other than 200, a body that is no answer, a card that is refused.
NOT_ANSWERED, BAD_STATUS, BAD_BODY, BAD_CARD = 200341, 200671, 200672, 200673
TOASTS = ("info", "success", "error", "warning")


def take_answer(world: World, event: Event, status: int | None, body: bytes) -> Answer:
    """Notes the answer; `status` is None when none came in time. An answer to a press is judged and carried out."""
    parsed = _parsed(body)
    answer = Answer(event.event_id, event.event_type, status, parsed)
    if event.event_type == PRESS:
        answer = replace(answer, shown_error=_carry_out(world, event, answer))
    world.record_answer(answer)
    return answer


def _carry_out(world: World, event: Event, answer: Answer) -> int | None:
    if answer.status is None:
        return NOT_ANSWERED
    if answer.status != 200:
        return BAD_STATUS
    if answer.body is None or not _is_answer(answer.body):
        return BAD_BODY
    return _accept(world, event, answer)


def _accept(world: World, event: Event, answer: Answer) -> int | None:
    with world.changed:
        token = world.card_tokens[str(event.body["token"])]
        if answer.card is not None:
            content = json.dumps(answer.card, ensure_ascii=False)
            try:
                check_card(content, world.images(), world.card_rules)
            except ApiError:
                return BAD_CARD
            world.replace_card(token.message_id, content, EditWay.CALLBACK)
        world.card_tokens[token.token] = replace(token, answered=True)
    return None


def _is_answer(body: Json) -> bool:
    """Empty, or a toast, or a card, or both."""
    toast, card = body.get("toast"), body.get("card")
    toast_good = toast is None or (isinstance(toast, Mapping) and toast.get("type", "info") in TOASTS and isinstance(toast.get("content"), str))
    card_good = card is None or (isinstance(card, Mapping) and card.get("type") == "raw" and isinstance(card.get("data"), Mapping))
    return set(body) <= {"toast", "card"} and toast_good and card_good


def _parsed(body: bytes) -> Json | None:
    try:
        parsed: object = json.loads(body) if body else {}
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None
