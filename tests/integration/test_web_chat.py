"""Do both databases keep the playground's messages once, in order, and for the right eyes?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event, text

from core.storage.repositories.chat import ChatMessage, Cursor, StoredFile
from core.storage.unit_of_work import Database
from tests.playground import START, Shop, open_shop


def post(database: Database, shop: Shop, key: str, visible_to: int | None = None, author: int | None = None) -> int:
    with database.write() as uow:
        message = uow.chat.post(shop.workspace.id, ChatMessage(0, shop.ops.id, key, author, visible_to, f"<p>{key}</p>", START))
        uow.commit()
    return message


def edit(database: Database, shop: Shop, message: int, content: str) -> None:
    with database.write() as uow:
        assert uow.chat.edit(shop.workspace.id, message, content)
        uow.commit()


def since(database: Database, shop: Shop, cursor: Cursor) -> list[str]:
    with database.read() as uow:
        return [message.content for message in uow.chat.since(shop.ops.id, shop.owner.id, cursor)]


def test_a_key_stands_once_in_a_workspace(database: Database) -> None:
    shop, other = open_shop(database), open_shop(database, name="Other")
    first = post(database, shop, "key")
    assert post(database, shop, "key") == first
    assert post(database, other, "key") != first


def test_a_message_comes_back_as_it_was_said(database: Database) -> None:
    shop = open_shop(database)
    number = post(database, shop, "key", shop.owner.id, shop.owner.id)
    with database.read() as uow:
        assert uow.chat.find(shop.workspace.id, "key") == ChatMessage(number, shop.ops.id, "key", shop.owner.id, shop.owner.id, "<p>key</p>", START)


def test_words_and_files_are_sealed(database: Database) -> None:
    shop = open_shop(database)
    post(database, shop, "secret words")
    with database.write() as uow:
        uow.files.add(StoredFile("ref", shop.workspace.id, "a.csv", "text/csv", b"secret words"), START)
        uow.commit()
    with database.read() as uow:
        for table in ("chat_messages", "files"):
            assert b"secret" not in bytes(uow.session.execute(text(f"select content from {table}")).scalar_one())
        assert uow.files.get("ref") == StoredFile("ref", shop.workspace.id, "a.csv", "text/csv", b"secret words")
        assert uow.files.get("other") is None


def test_looking_for_news_reads_no_old_messages(embedded: Database) -> None:
    shop = open_shop(embedded)
    asked: list[tuple[str, object]] = []
    event.listen(embedded.engine, "before_cursor_execute", lambda _conn, _cursor, said, values, _context, _many: asked.append((said, values)))
    with embedded.read() as uow:
        uow.chat.since(shop.ops.id, shop.owner.id, Cursor(10, 2))
        uow.chat.newest(shop.workspace.id, shop.owner.id)
        uow.chat.cursor(shop.ops.id)
        plans = [str(row) for said, values in tuple(asked) for row in uow.session.connection().exec_driver_sql(f"explain query plan {said}", values)]
    assert any("ix_chat_messages_channel_id_edited (channel_id=? AND edited>?)" in plan for plan in plans)
    assert not [plan for plan in plans if "uq_chat_messages" in plan or "SCAN chat_messages" in plan]


def test_news_of_each_channel_is_the_newest_of_others_that_one_may_see(database: Database) -> None:
    shop = open_shop(database)
    seen = post(database, shop, "seen")
    post(database, shop, "mine", author=shop.owner.id)
    post(database, shop, "secret", visible_to=shop.other.id)
    with database.read() as uow:
        assert uow.chat.newest(shop.workspace.id, shop.owner.id) == {shop.ops.id: seen}


def test_a_private_message_is_seen_by_one(database: Database) -> None:
    shop = open_shop(database)
    number = post(database, shop, "mine", shop.owner.id)
    with database.read() as uow:
        assert uow.chat.get(shop.workspace.id, number, shop.owner.id).key == "mine"
        assert uow.chat.since(shop.ops.id, shop.other.id, Cursor()) == ()
        assert uow.chat.newest(shop.workspace.id, shop.other.id) == {}
        with pytest.raises(LookupError):
            uow.chat.get(shop.workspace.id, number, shop.other.id)


def test_since_tells_new_messages_and_edits_once(database: Database) -> None:
    shop = open_shop(database)
    first, _ = post(database, shop, "first"), post(database, shop, "second")
    with database.read() as uow:
        cursor = uow.chat.cursor(shop.ops.id)
    assert since(database, shop, cursor) == []
    edit(database, shop, first, "changed")
    post(database, shop, "third")
    assert since(database, shop, cursor) == ["changed", "<p>third</p>"]
    assert since(database, shop, replace(cursor, edit=cursor.edit + 1)) == ["<p>third</p>"]


def test_an_edit_of_an_edited_message_is_told_again(database: Database) -> None:
    shop = open_shop(database)
    first = post(database, shop, "first")
    edit(database, shop, first, "once")
    with database.read() as uow:
        cursor = uow.chat.cursor(shop.ops.id)
    edit(database, shop, first, "twice")
    assert since(database, shop, cursor) == ["twice"]


def test_another_workspace_cannot_edit(database: Database) -> None:
    shop, other = open_shop(database), open_shop(database, name="Other")
    number = post(database, shop, "first")
    with database.write() as uow:
        assert not uow.chat.edit(other.workspace.id, number, "taken")


def test_earlier_messages_come_oldest_first(database: Database) -> None:
    shop = open_shop(database)
    numbers = [post(database, shop, f"m{index}") for index in range(5)]
    with database.read() as uow:
        assert [message.id for message in uow.chat.before(shop.ops.id, shop.owner.id, 2)] == numbers[3:]
        assert [message.id for message in uow.chat.before(shop.ops.id, shop.owner.id, 2, numbers[3])] == numbers[1:3]


def test_own_words_are_never_unread(database: Database) -> None:
    shop = open_shop(database)
    post(database, shop, "mine", author=shop.owner.id)
    theirs = post(database, shop, "theirs", author=shop.other.id)
    post(database, shop, "mine again", author=shop.owner.id)
    with database.read() as uow:
        assert uow.chat.newest(shop.workspace.id, shop.owner.id) == {shop.ops.id: theirs}
