"""Does Feishu do what every platform must, through its own API?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.platforms.attachments import Attachment
from bot.platforms.feishu.calls import PAGE
from bot.platforms.feishu.chats import Chats
from bot.platforms.feishu.payload import FeishuPayload
from bot.platforms.feishu.platform import FeishuPlatform
from bot.platforms.fields import word
from core.clock import FixedClock
from core.errors import Reason, SendError
from core.messages.model import Message, Paragraph
from core.ports import Address, Platform
from core.storage.unit_of_work import Database
from tests.contract import feishu_words
from tests.contract.platform_contract import PlatformContract
from tests.feishu_house import FeishuHouse, feishu_house
from tests.feishu_server import ALL_SCOPES, UNLIMITED, App, CardFault, Chat, DropAfter, Endpoint, Fail, FeishuServer, UserState

GROUP_HISTORY = "im:message.group_msg"


def said(words: str) -> Message:
    return Message((Paragraph(((words,),)),), words, card="test.card")


class TestFeishuPlatform(PlatformContract[FeishuPayload]):
    @pytest.fixture
    def server(self, clock: FixedClock) -> Iterator[FeishuServer]:
        app = replace(App(), scopes=ALL_SCOPES | {GROUP_HISTORY})
        with FeishuServer(clock, apps=(app,)) as server:
            yield server

    @pytest.fixture
    def house(self, embedded: Database, clock: FixedClock, server: FeishuServer) -> Iterator[FeishuHouse]:
        with feishu_house(embedded, clock, server) as house:
            yield house

    @pytest.fixture
    def group(self, house: FeishuHouse) -> Chat:
        return house.feishu.world.add_group("运营群", [house.lin])

    @pytest.fixture
    def platform(self, house: FeishuHouse) -> Platform[FeishuPayload]:
        self._house = house
        return house.platform

    @pytest.fixture
    def address(self, house: FeishuHouse, group: Chat) -> Address:
        return house.address(group.chat_id)

    def words(self, payload: FeishuPayload) -> str:
        # A card that shows nothing but a line is told by its summary, in the list of conversations.
        return f"{feishu_words.words(payload)}\n{word(payload.card, 'config', 'summary', 'content')}"

    def skeleton(self, payload: FeishuPayload) -> object:
        return feishu_words.skeleton(payload)

    def targets(self, payload: FeishuPayload) -> Sequence[str]:
        return feishu_words.targets(payload)

    def fallback(self, payload: FeishuPayload) -> str:
        return feishu_words.fallback(payload)

    def standing(self, address: Address) -> Sequence[str]:
        return [json.dumps(message.body, ensure_ascii=False) for message in self._house.feishu.world.posted(address.conversation)]

    def test_a_shared_file_comes_back_as_it_was(self, platform: Platform[FeishuPayload], address: Address) -> None:
        content = bytes(range(256))
        event = self._house.feishu.events.shares_file(self._house.lin, None, "a.bin", content)
        key = self._house.feishu.world.messages()[-1].body["file_key"]
        assert platform.download(address.binding, f"{event.message_id}/{key}") == content


class TestSending:
    @pytest.fixture
    def house(self, embedded: Database, clock: FixedClock) -> Iterator[FeishuHouse]:
        app = replace(App(), scopes=ALL_SCOPES | {GROUP_HISTORY})
        with FeishuServer(clock, limits=UNLIMITED, apps=(app,)) as server, feishu_house(embedded, clock, server) as house:
            yield house

    @pytest.fixture
    def group(self, house: FeishuHouse) -> Chat:
        return house.feishu.world.add_group("运营群", [house.lin])

    def test_what_is_for_one_person_goes_to_their_own_conversation(self, house: FeishuHouse, group: Chat) -> None:
        house.platform.send(house.address(group.chat_id, "om_of_the_group", house.owner.id), house.platform.render(said("秘密"), {}), "key")
        (posted,) = house.feishu.world.posted()
        assert posted.chat_id == house.feishu.world.direct(house.lin, house.feishu.app).chat_id

    def test_who_has_no_account_there_is_not_reached(self, house: FeishuHouse, group: Chat) -> None:
        with pytest.raises(SendError) as refused:
            house.platform.send(house.address(group.chat_id, visible_to=999), house.platform.render(said("x"), {}), "key")
        assert refused.value.reason is Reason.NO_CHANNEL

    def test_an_answer_stands_as_a_reply(self, house: FeishuHouse, group: Chat) -> None:
        asked = house.feishu.events.tells_bot(house.lin, group, "/ops help")
        house.platform.send(house.address(group.chat_id, asked.message_id), house.platform.render(said("帮助"), {}), "key")
        assert house.feishu.world.posted(group)[0].parent_id == asked.message_id

    def test_what_got_out_before_the_line_broke_is_found_by_another_process(self, house: FeishuHouse, group: Chat) -> None:
        address, payload = house.address(group.chat_id), house.platform.render(said("早报"), {})
        house.feishu.faults.plan(Endpoint.SEND, DropAfter())
        with pytest.raises(SendError) as doubtful:
            house.platform.send(address, payload, "digest")
        assert (doubtful.value.reason, doubtful.value.retryable) == (Reason.AMBIGUOUS, True)
        other = _other_process(house)
        found = other.find(address, "digest")
        assert found is not None
        assert found.message_id == house.feishu.world.posted(group)[0].message_id
        assert other.find(address, "another") is None

    def test_what_got_out_into_a_thread_is_found_there(self, house: FeishuHouse, group: Chat) -> None:
        root = house.feishu.events.tells_bot(house.lin, group, "/ops help")
        house.platform.send(house.address(group.chat_id), _with_file(house.platform.render(said("表"), {})), "table")
        within = house.feishu.world.posted(group)[-1]
        asked = house.feishu.events.tells_bot(house.lin, group, "/kpi board", answering=within)
        receipt = house.platform.send(house.address(group.chat_id, asked.message_id), house.platform.render(said("看板"), {}), "board")
        assert root.message_id != asked.message_id
        assert _other_process(house).find(house.address(group.chat_id, asked.message_id), "board") == receipt

    def test_who_may_not_look_sends_again_only_while_feishu_notices_doubles(self, embedded: Database, clock: FixedClock) -> None:
        with FeishuServer(clock, limits=UNLIMITED) as server, feishu_house(embedded, clock, server) as house:
            group = server.world.add_group("运营群", [house.lin])
            address, payload = house.address(group.chat_id), house.platform.render(said("早报"), {})
            server.faults.plan(Endpoint.SEND, DropAfter())
            with pytest.raises(SendError):
                house.platform.send(address, payload, "digest")
            assert house.platform.find(address, "digest") is None
            house.platform.send(address, payload, "digest")
            assert len(server.world.posted(group)) == 1
            clock.instant += timedelta(hours=1)
            with pytest.raises(SendError) as blind:
                _other_process(house).find(address, "digest")
            assert blind.value.reason is Reason.NO_ACCESS

    def test_a_card_that_feishu_does_not_take_goes_out_as_words(self, house: FeishuHouse, group: Chat, capsys: pytest.CaptureFixture[str]) -> None:
        house.feishu.world.card_rules = lambda card: CardFault(11310, "table number over limit")
        house.platform.send(house.address(group.chat_id), house.platform.render(said("早报"), {}), "key")
        (posted,) = house.feishu.world.posted(group)
        assert (posted.msg_type, posted.text) == ("text", "早报")
        logged = "".join(capsys.readouterr())
        assert "test.card" in logged
        assert "230099" in logged

    def test_a_card_that_cannot_take_a_standing_ones_place_does_so_as_words(self, house: FeishuHouse, group: Chat) -> None:
        address = house.address(group.chat_id)
        receipt = house.platform.send(address, house.platform.render(said("早报"), {}), "key")
        house.feishu.world.card_rules = lambda card: CardFault(200861, "bad") if "晚报。" in str(card) else None
        message = Message((Paragraph((("晚报。",),)),), "晚报", card="test.card")
        house.platform.edit(address, receipt, house.platform.render(message, {}))
        assert "晚报" in house.feishu.world.cards(group)[0].content

    def test_files_follow_into_the_thread(self, house: FeishuHouse, group: Chat) -> None:
        address, payload = house.address(group.chat_id), _with_file(house.platform.render(said("表"), {}))
        receipt = house.platform.send(address, payload, "key")
        assert receipt.bare
        house.platform.attach(address, receipt, payload, "key")
        card, file = house.feishu.world.posted(group)
        assert (card.message_id, file.parent_id) == (receipt.message_id, receipt.message_id)
        assert file.msg_type == "file"
        assert file.thread_id is not None
        assert house.feishu.world.uploads()[0].name == "全部.csv"

    def test_a_file_that_feishu_does_not_take_now_is_put_there_at_the_next_try(self, house: FeishuHouse, group: Chat) -> None:
        address, payload = house.address(group.chat_id), _with_file(house.platform.render(said("表"), {}))
        receipt = house.platform.send(address, payload, "key")
        house.feishu.faults.plan(Endpoint.FILE, Fail(500))
        with pytest.raises(SendError) as later:
            house.platform.attach(address, receipt, payload, "key")
        assert later.value.retryable
        house.platform.attach(address, receipt, payload, "key")
        assert [message.msg_type for message in house.feishu.world.posted(group)] == ["interactive", "file"]

    def test_a_file_that_is_there_is_not_put_there_again_by_another_process_hours_later(
        self, house: FeishuHouse, group: Chat, clock: FixedClock
    ) -> None:
        address, payload = house.address(group.chat_id), _with_file(house.platform.render(said("表"), {}))
        receipt = house.platform.send(address, payload, "key")
        house.platform.attach(address, receipt, payload, "key")
        clock.instant += timedelta(hours=8)
        _other_process(house).attach(address, receipt, payload, "key")
        assert len(house.feishu.world.posted(group)) == 2

    def test_the_same_picture_is_uploaded_once(self, house: FeishuHouse, group: Chat) -> None:
        address = house.address(group.chat_id)
        first = house.platform.upload(address, "a.png", "image/png", b"picture")
        assert house.platform.upload(address, "b.png", "image/png", b"picture") == first
        assert house.platform.upload(address, "b.png", "image/png", b"another") != first
        assert len(house.feishu.world.uploads()) == 2

    @pytest.mark.parametrize(("code", "whole"), [(99991400, True), (230020, False)])
    def test_a_limit_says_how_long_to_wait_and_whether_the_whole_app_has_met_it(
        self, house: FeishuHouse, group: Chat, code: int, whole: bool
    ) -> None:
        house.feishu.faults.plan(Endpoint.SEND, Fail(429, code, reset=7))
        with pytest.raises(SendError) as waiting:
            house.platform.send(house.address(group.chat_id), house.platform.render(said("x"), {}), "key")
        assert (waiting.value.reason, waiting.value.retry_after, waiting.value.whole) == (Reason.RATE_LIMITED, 7, whole)

    def test_what_was_not_looked_for_everywhere_is_not_said_to_be_missing(
        self, house: FeishuHouse, group: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = house.address(group.chat_id)
        house.platform.send(address, house.platform.render(said("x"), {}), "key")
        for _ in range(PAGE):
            house.feishu.events.says(house.lin, group, "x")
        other = _other_process(house)
        monkeypatch.setattr("bot.platforms.feishu.history.PAGES", 1)
        with pytest.raises(SendError) as doubtful:
            other.find(address, "key")
        assert doubtful.value.reason is Reason.NO_ACCESS
        monkeypatch.setattr("bot.platforms.feishu.history.PAGES", 2)
        assert other.find(address, "key") is not None

    def test_an_edited_card_is_still_found(self, house: FeishuHouse, group: Chat) -> None:
        address = house.address(group.chat_id)
        receipt = house.platform.send(address, house.platform.render(said("first"), {}), "key")
        house.platform.edit(address, receipt, house.platform.render(said("second"), {}))
        assert _other_process(house).find(address, "key") == receipt

    def test_the_directory_says_who_somebody_is(self, house: FeishuHouse) -> None:
        world, platform = house.feishu.world, house.platform
        zhou = world.add_user("周航")
        known = platform.profile(house.binding, zhou.open_id)
        assert known is not None
        assert known.name == "周航"
        for state in (UserState.RESIGNED, UserState.FROZEN):
            world.put_user(replace(zhou, state=state))
            assert platform.profile(house.binding, zhou.open_id) is None
        unread = platform.profile(house.binding, world.add_user("何静", "ou_1a2b", reachable=False).open_id)
        assert unread is not None
        assert unread.name == "Feishu 1a2b"


def _other_process(house: FeishuHouse) -> FeishuPlatform:
    return FeishuPlatform(house.ties, house.apps, house.client, Chats(house.ties, house.client), house.clock)


def _with_file(payload: FeishuPayload) -> FeishuPayload:
    return replace(payload, files=(Attachment("全部.csv", "text/csv", b"a,b\n"),))
