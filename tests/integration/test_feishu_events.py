"""Is every act on Feishu answered: said, pressed, filled in, shared, chosen; at once or later; once?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from core.clock import FixedClock
from core.domain.deliveries import SEND_LEASE
from core.domain.workspaces import Locale, Member, Permission
from core.storage.unit_of_work import Database
from tests.feishu_house import FeishuHouse, Office, feishu_house, open_office, served
from tests.feishu_server import UNLIMITED, Answer, Chat, DropAfter, DropBefore, Endpoint, Event, Fail, FeishuServer, Hold, Message, Webhook
from tests.feishu_server.faults import Fault


@pytest.fixture
def house(embedded: Database, clock: FixedClock) -> Iterator[FeishuHouse]:
    with FeishuServer(clock, limits=UNLIMITED) as server, feishu_house(embedded, clock, server) as house:
        yield house


@pytest.fixture
def office(house: FeishuHouse) -> Office:
    return open_office(house)


@pytest.fixture
def hook(office: Office) -> Iterator[Webhook]:
    with served(office.presence()) as url:
        yield office.house.feishu.webhook(f"{url}/feishu/events")


@pytest.fixture
def group(house: FeishuHouse) -> Chat:
    return house.feishu.world.add_group("运营群", [house.lin])


def posted(house: FeishuHouse, hook: Webhook, event: Event) -> Message:
    """The one message that the bot posted for the event."""
    before = len(house.feishu.world.posted())
    assert hook.deliver(event).status == 200
    (message,) = house.feishu.world.posted()[before:]
    return message


# ------------------------------------------------------------------ said


def test_what_is_said_to_the_bot_is_answered_in_that_conversation(house: FeishuHouse, hook: Webhook) -> None:
    event = house.feishu.events.says(house.lin, None, "/ops help")
    message = posted(house, hook, event)
    assert message.chat_id == house.feishu.world.direct(house.lin, house.feishu.app).chat_id
    assert message.parent_id is None
    assert "/任务" in message.content


def test_a_mention_in_a_group_is_answered_as_a_reply(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    event = house.feishu.events.tells_bot(house.lin, group, "/任务 添加 备货")
    message = posted(house, hook, event)
    assert (message.chat_id, message.parent_id) == (group.chat_id, event.message_id)
    assert "备货" in message.content


def test_a_slash_command_chosen_from_feishus_list_comes_as_text(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    event = house.feishu.events.says(house.lin, group, "/task add 备货 @_user_1", mentions=(house.feishu.app,))
    assert "备货" in posted(house, hook, event).content


def test_others_who_are_mentioned_are_named_as_commands_name_them(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    zhou = house.feishu.world.add_user("周航")
    house.join(Member(0, "周航", Permission.MEMBER, handle="zhou"), zhou)
    event = house.feishu.events.says(house.lin, group, "@_user_1 /task add 备货 @_user_2", mentions=(house.feishu.app, zhou))
    assert f"<at id={zhou.open_id}>" in posted(house, hook, event).content


def test_a_mention_that_cannot_be_told_from_others_yet_is_answered_when_it_comes_again(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    house.feishu.faults.plan(Endpoint.BOT, Fail(502))
    event = house.feishu.events.tells_bot(house.lin, group, "/task add 备货")
    assert hook.deliver(event).status == 503
    assert "备货" in posted(house, hook, event).content


def test_a_rich_text_is_read_like_a_plain_one(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    parts = [[{"tag": "at", "user_id": "@_user_1", "user_name": "晨钟"}, {"tag": "text", "text": " /task add 备货"}]]
    event = house.feishu.events.says_richly(house.lin, group, parts, mentions=(house.feishu.app,))
    assert "备货" in posted(house, hook, event).content


def test_a_mistake_in_a_group_is_told_to_the_one_who_made_it(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    message = posted(house, hook, house.feishu.events.tells_bot(house.lin, group, "/task done T-99"))
    assert message.chat_id == house.feishu.world.direct(house.lin, house.feishu.app).chat_id


@pytest.mark.parametrize("line", ["/task add 备货", "/ops help"])
def test_an_event_that_comes_again_is_answered_once(house: FeishuHouse, hook: Webhook, line: str) -> None:
    event = house.feishu.events.says(house.lin, None, line)
    for _ in range(3):
        assert hook.deliver(event).status == 200
    assert len(house.feishu.world.posted()) == 1


def test_the_same_message_under_another_event_id_is_answered_once(house: FeishuHouse, hook: Webhook) -> None:
    event = house.feishu.events.says(house.lin, None, "/task add 备货")
    hook.deliver(event)
    hook.deliver(replace(event, event_id="ev_another"))
    assert len(house.feishu.world.posted()) == 1


def test_talk_among_people_is_left_alone(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    zhou = house.feishu.world.add_user("周航")
    event = house.feishu.events.says(house.lin, group, "@_user_1 吃饭", mentions=(zhou, house.feishu.app))
    body = {**event.body, "message": {**event.body["message"], "mentions": event.body["message"]["mentions"][:1]}}  # type: ignore[dict-item, index]
    assert hook.deliver(replace(event, body=body)).status == 200
    assert house.feishu.world.posted() == []


def test_people_of_another_tenant_are_left_alone(house: FeishuHouse, hook: Webhook) -> None:
    event = house.feishu.events.says(house.lin, None, "/ops help")
    body = {**event.body, "sender": {**event.body["sender"], "tenant_key": "elsewhere"}}  # type: ignore[dict-item]
    assert hook.deliver(replace(event, body=body)).status == 200
    assert house.feishu.world.posted() == []


def test_a_newcomer_of_the_tenant_is_taken_in(house: FeishuHouse, hook: Webhook) -> None:
    zhou = house.feishu.world.add_user("周航")
    assert "周航" in posted(house, hook, house.feishu.events.says(zhou, None, "/ops whoami")).content


def test_who_has_left_is_told_so_directly(house: FeishuHouse, hook: Webhook) -> None:
    zhou = house.feishu.world.add_user("周航")
    kept = house.join(Member(0, "周航", Permission.MEMBER, handle="zhou"), zhou)
    with house.database.write() as uow:
        uow.members.save(house.workspace.id, replace(kept, active=False))
        uow.commit()
    assert "我只为本团队的成员服务" in posted(house, hook, house.feishu.events.says(zhou, None, "/ops help")).content


def test_a_choice_in_the_menu_is_a_command(house: FeishuHouse, hook: Webhook) -> None:
    message = posted(house, hook, house.feishu.events.picks_from_menu(house.lin, "ops_help"))
    assert message.chat_id == house.feishu.world.direct(house.lin, house.feishu.app).chat_id


def test_a_group_that_takes_the_bot_in_is_known_from_then(house: FeishuHouse, hook: Webhook) -> None:
    group = house.feishu.world.add_group("新群", [house.lin], bots=())
    hook.deliver(house.feishu.events.adds_bot(house.lin, group))
    with house.database.read() as uow:
        channel = uow.places.channel(house.binding, group.chat_id)
    assert channel is not None
    assert channel.name == "新群"


def test_a_group_that_put_the_bot_out_is_noted_until_somebody_speaks_to_it_there(house: FeishuHouse, hook: Webhook) -> None:
    group = house.feishu.world.add_group("新群", [house.lin], bots=())
    hook.deliver(house.feishu.events.adds_bot(house.lin, group))
    hook.deliver(house.feishu.events.removes_bot(house.lin, group))
    assert _is_gone(house, group)
    # That it was taken in again did not come through.
    back = house.feishu.world.put_chat(replace(group, bots=frozenset({house.feishu.app.app_id})))
    posted(house, hook, house.feishu.events.tells_bot(house.lin, back, "/ops help"))
    assert not _is_gone(house, group)


def _is_gone(house: FeishuHouse, group: Chat) -> bool:
    with house.database.read() as uow:
        channel = uow.places.channel(house.binding, group.chat_id)
    assert channel is not None
    return channel.gone


def test_events_that_nobody_handles_are_acknowledged(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    for event in (house.feishu.events.unknown("im.message.message_read_v1"), house.feishu.events.removes_bot(house.lin, group)):
        assert (hook.deliver(event).status, house.feishu.world.posted()) == (200, [])


# ------------------------------------------------------------------ shared


ORDERS = "订单号,下单时间,金额\nA1,2024-06-03 10:00,12.50\n".encode()


def test_a_spreadsheet_is_offered_for_import(house: FeishuHouse, office: Office, hook: Webhook) -> None:
    note = posted(house, hook, house.feishu.events.shares_file(house.lin, None, "orders.csv", ORDERS))
    office.work()
    assert "orders.csv" in house.feishu.world.message(note.message_id).content
    assert len(house.feishu.world.posted()) == 1


def test_a_spreadsheet_in_a_group_is_offered_to_the_one_who_shared_it(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    event = house.feishu.events.shares_file(house.lin, house.feishu.world.direct(house.lin, house.feishu.app), "orders.csv", b"a,b\n1,2\n")
    message = {**event.body["message"], "chat_id": group.chat_id, "chat_type": "group"}  # type: ignore[dict-item]
    assert posted(house, hook, replace(event, body={**event.body, "message": message})).chat_id != group.chat_id


@pytest.mark.parametrize(
    ("told", "named"),
    [({}, "plan.pdf"), ({"message_type": "image", "content": '{"image_key": "img_1"}'}, "图片")],
    ids=["file", "picture"],
)
def test_what_holds_no_table_is_said_to_hold_none_in_a_persons_own_conversation_alone(
    house: FeishuHouse, hook: Webhook, group: Chat, told: dict[str, str], named: str
) -> None:
    shared = house.feishu.events.shares_file(house.lin, None, "plan.pdf", b"x")
    event = replace(shared, body={**shared.body, "message": {**shared.body["message"], **told}})  # type: ignore[dict-item]
    words = posted(house, hook, event).content
    assert named in words
    assert "CSV" in words
    in_group = {**event.body["message"], "message_id": "om_other", "chat_id": group.chat_id, "chat_type": "group"}  # type: ignore[dict-item]
    hook.deliver(replace(event, event_id="other", body={**event.body, "message": in_group}))
    assert len(house.feishu.world.posted()) == 1


# ------------------------------------------------------------------ pressed


def _toast(answer: Answer) -> tuple[object, object]:
    assert answer.status == 200
    assert answer.shown_error is None
    assert answer.toast is not None
    return answer.toast["type"], answer.toast["content"]


def _task(house: FeishuHouse, hook: Webhook, chat: Chat | None = None) -> Message:
    events = house.feishu.events
    return posted(house, hook, events.tells_bot(house.lin, chat, "/task add 备货") if chat else events.says(house.lin, None, "/task add 备货"))


def test_a_press_is_told_by_a_toast_and_the_cards_new_state(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    card = _task(house, hook, group)
    answer = hook.deliver(house.feishu.events.presses(house.lin, card, "完成 T-1"))
    kind, words = _toast(answer)
    assert kind == "success"
    assert "T-1" in str(words)
    assert answer.card is not None
    assert "已完成" in str(answer.card)
    assert len(house.feishu.world.posted()) == 1


def test_a_groups_card_stays_in_its_language_whoever_presses(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    ana = house.feishu.world.add_user("Ana")
    house.join(Member(0, "Ana", Permission.LEAD, handle="ana", locale=Locale.EN), ana)
    answer = hook.deliver(house.feishu.events.presses(ana, _task(house, hook, group), "完成 T-1"))
    assert "已完成" in str(answer.card)


def test_a_press_that_comes_again_has_one_effect_and_the_same_answer(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    event = house.feishu.events.presses(house.lin, _task(house, hook, group), "完成 T-1")
    assert hook.deliver(event).body == hook.deliver(event).body


def test_what_was_only_looked_at_comes_as_a_message_to_the_one_who_pressed(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    card = _task(house, hook, group)
    answer = hook.deliver(house.feishu.events.presses(house.lin, card, "看我的任务"))
    assert (_toast(answer)[0], answer.card) == ("success", None)
    own = house.feishu.world.direct(house.lin, house.feishu.app)
    house.feishu.world.until(lambda: house.feishu.world.posted(own) != [])
    assert "备货" in house.feishu.world.posted(own)[0].content


def test_who_may_not_press_is_told_so_and_nothing_changes(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    zhou = house.feishu.world.add_user("周航")
    house.join(Member(0, "周航", Permission.VIEWER, handle="zhou", locale=Locale.EN), zhou)
    card = _task(house, hook, group)
    answer = hook.deliver(house.feishu.events.presses(zhou, card, "完成 T-1"))
    assert _toast(answer)[0] == "error"
    assert "needs the permission member" in str(_toast(answer)[1])
    assert answer.card is None
    assert house.feishu.world.message(card.message_id).content == card.content


def test_people_of_another_tenant_cannot_press(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    event = house.feishu.events.presses(house.lin, _task(house, hook, group), "完成 T-1")
    body = {**event.body, "operator": {**event.body["operator"], "tenant_key": "elsewhere"}}  # type: ignore[dict-item]
    answer = hook.deliver(replace(event, body=body))
    assert _toast(answer) == ("error", "我只为本团队的成员服务，访客和外部账号不在内。如果你是成员，请联系管理员。")
    assert answer.toast is not None
    assert "en_us" in answer.toast["i18n"]  # type: ignore[operator]


def test_a_forms_mistakes_stand_beside_its_fields_and_its_result_in_its_place(house: FeishuHouse, hook: Webhook) -> None:
    form = posted(house, hook, house.feishu.events.says(house.lin, None, "/task add"))
    wrong = hook.deliver(house.feishu.events.presses(house.lin, form, "提交", form={"f0_title": "备货", "d0_due": "某天"}))
    assert _toast(wrong)[0] == "error"
    assert "某天" in str(wrong.card)
    assert "备货" in str(wrong.card)
    done = hook.deliver(house.feishu.events.presses(house.lin, form, "提交", form={"f0_title": "备货"}))
    assert _toast(done)[0] == "success"
    assert "T-1" in str(done.card)


def test_a_card_that_took_a_forms_place_shows_what_happens_to_its_task_later(house: FeishuHouse, office: Office, hook: Webhook) -> None:
    form = posted(house, hook, house.feishu.events.says(house.lin, None, "/task add"))
    done = hook.deliver(house.feishu.events.presses(house.lin, form, "提交", form={"f0_title": "备货"}))
    assert "T-1" in str(done.card)
    hook.deliver(house.feishu.events.says(house.lin, None, "/task done 1"))
    office.work()
    assert "已完成" in house.feishu.world.message(form.message_id).content


def test_a_forms_mistakes_in_a_group_are_told_to_the_one_who_made_them(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    form = posted(house, hook, house.feishu.events.says(house.lin, None, "/task add"))
    event = house.feishu.events.presses(house.lin, form, "提交", form={"f0_title": "备货", "d0_due": "某天"})
    shared = {**event.body, "context": {"open_message_id": form.message_id, "open_chat_id": group.chat_id}}
    answer = hook.deliver(replace(event, body=shared))
    assert (_toast(answer)[0], answer.card) == ("error", None)
    house.feishu.world.until(lambda: len(house.feishu.world.posted()) == 2)
    told = house.feishu.world.posted()[-1]
    assert told.chat_id == house.feishu.world.direct(house.lin, house.feishu.app).chat_id
    assert "某天" in told.content


def test_work_that_takes_longer_is_answered_in_time_and_told_by_a_message(house: FeishuHouse, office: Office, group: Chat) -> None:
    with served(office.presence()) as url:
        card = _task(house, house.feishu.webhook(f"{url}/feishu/events"), group)
    with served(office.presence(patience=0.0)) as url:
        answer = house.feishu.webhook(f"{url}/feishu/events").deliver(house.feishu.events.presses(house.lin, card, "看我的任务"))
    assert _toast(answer) == ("info", "正在处理，结果会发消息给你。")
    own = house.feishu.world.direct(house.lin, house.feishu.app)
    assert "备货" in house.feishu.world.posted(own)[0].content


def test_a_state_that_comes_late_is_put_into_the_card_afterwards(house: FeishuHouse, office: Office, group: Chat) -> None:
    with served(office.presence()) as url:
        card = _task(house, house.feishu.webhook(f"{url}/feishu/events"), group)
    with served(office.presence(patience=0.0)) as url:
        house.feishu.webhook(f"{url}/feishu/events").deliver(house.feishu.events.presses(house.lin, card, "完成 T-1"))
    office.work()
    assert "已完成" in house.feishu.world.message(card.message_id).content


def test_a_forms_result_that_comes_late_is_put_into_its_place(house: FeishuHouse, office: Office) -> None:
    with served(office.presence()) as url:
        form = posted(house, house.feishu.webhook(f"{url}/feishu/events"), house.feishu.events.says(house.lin, None, "/task add"))
    event = house.feishu.events.presses(house.lin, form, "提交", form={"f0_title": "备货"})
    with served(office.presence(patience=0.0)) as url:
        answer = house.feishu.webhook(f"{url}/feishu/events").deliver(event)
    assert (_toast(answer)[0], answer.card) == ("info", None)
    assert "T-1" in house.feishu.world.message(form.message_id).content
    assert len(house.feishu.world.posted()) == 1


# ------------------------------------------------------------------ a Feishu that limits, breaks off, hangs

LIMITED = Fail(429, 99991400, reset=1)


@pytest.mark.parametrize("fault", [LIMITED, DropBefore(), DropAfter()])
def test_nothing_of_what_was_looked_at_is_lost_or_said_twice(
    house: FeishuHouse, office: Office, hook: Webhook, group: Chat, clock: FixedClock, fault: Fault
) -> None:
    card = _task(house, hook, group)
    house.feishu.faults.plan(Endpoint.SEND, fault)
    assert _toast(hook.deliver(house.feishu.events.presses(house.lin, card, "看我的任务")))[0] == "success"
    assert _said_later(house, office, clock) == 1


@pytest.mark.parametrize("fault", [LIMITED, DropBefore(), DropAfter()])
def test_a_forms_mistakes_in_a_group_are_not_lost(
    house: FeishuHouse, office: Office, hook: Webhook, group: Chat, clock: FixedClock, fault: Fault
) -> None:
    form = _task(house, hook, group)
    asked = posted(house, hook, house.feishu.events.says(house.lin, None, "/task add"))
    event = house.feishu.events.presses(house.lin, asked, "提交", form={"f0_title": "备货", "d0_due": "某天"})
    house.feishu.faults.plan(Endpoint.SEND, fault)
    hook.deliver(replace(event, body={**event.body, "context": {"open_message_id": form.message_id, "open_chat_id": group.chat_id}}))
    assert _said_later(house, office, clock) == 2


def test_who_waits_for_feishu_keeps_nobody_from_the_house(house: FeishuHouse, office: Office, group: Chat) -> None:
    held = house.feishu.faults.plan(Endpoint.BOT, Hold(), times=6)
    with served(office.presence(patience=0.0)) as url:
        hook = house.feishu.webhook(f"{url}/feishu/events")
        for number in range(6):
            hook.deliver(house.feishu.events.tells_bot(house.lin, group, f"/task add 备货{number}"))
        house.feishu.world.until(lambda: len(house.feishu.world.calls(Endpoint.BOT)) == 6)
        hook.deliver(house.feishu.events.says(house.lin, None, "/ops help"))
        house.feishu.world.until(lambda: len(house.feishu.world.posted()) == 1)
        held.release()
        house.feishu.world.until(lambda: len(house.feishu.world.posted()) == 7)


def test_who_waits_for_a_newcomers_profile_keeps_nobody_from_the_house(house: FeishuHouse, office: Office) -> None:
    held = house.feishu.faults.plan(Endpoint.USER, Hold(), times=6)
    with served(office.presence(patience=0.0)) as url:
        hook = house.feishu.webhook(f"{url}/feishu/events")
        for number in range(6):
            hook.deliver(house.feishu.events.says(house.feishu.world.add_user(f"周{number}"), None, "/ops whoami"))
        house.feishu.world.until(lambda: len(house.feishu.world.calls(Endpoint.USER)) == 6)
        hook.deliver(house.feishu.events.says(house.lin, None, "/ops help"))
        house.feishu.world.until(lambda: len(house.feishu.world.posted()) == 1)
        held.release()
        house.feishu.world.until(lambda: len(house.feishu.world.posted()) == 7)


def _said_later(house: FeishuHouse, office: Office, clock: FixedClock) -> int:
    """How many messages stand in the person's own conversation, once everything was tried again."""
    for _ in range(3):
        clock.instant += SEND_LEASE + timedelta(seconds=1)
        office.work()
    return len(house.feishu.world.posted(house.feishu.world.direct(house.lin, house.feishu.app)))


def test_the_bots_own_account_is_asked_for_once(house: FeishuHouse, hook: Webhook, group: Chat) -> None:
    for _ in range(2):
        hook.deliver(house.feishu.events.tells_bot(house.lin, group, "/ops help"))
    assert len(house.feishu.world.calls(Endpoint.BOT)) == 1
    assert len(house.feishu.world.calls(Endpoint.TOKEN)) == 1
