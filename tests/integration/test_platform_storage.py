"""Does the house keep who speaks where, with which secrets, and what stands where?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core.domain.deliveries import SEND_LEASE, Delivery, DeliveryState, Kind, Request
from core.domain.workspaces import Binding, Channel, Locale, Member, Permission, Workspace
from core.storage.repositories.chat import OfferedFile
from core.storage.unit_of_work import Database

NOW = datetime(2024, 6, 4, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SHOP = Workspace(0, "Tea shop", Locale.ZH, "Asia/Shanghai", "CNY", "CN", newcomers=Permission.MEMBER)
SECRETS = {"bot_token": "xoxb-secret"}


@pytest.fixture
def shop(database: Database) -> Workspace:
    with database.write() as uow:
        kept = uow.workspaces.add(SHOP, NOW)
        uow.commit()
    return kept


@pytest.fixture
def binding(database: Database, shop: Workspace) -> int:
    with database.write() as uow:
        made = uow.places.bind(shop.id, "slack", "T1")
        uow.commit()
    return made


@pytest.fixture
def lin(database: Database, shop: Workspace, binding: int) -> Member:
    with database.write() as uow:
        kept = uow.members.add(shop.id, Member(0, "林晓", Permission.LEAD, "运营经理", "lin", Locale.EN, "Asia/Tokyo"))
        uow.members.link(shop.id, kept.id, binding, "U1")
        uow.commit()
    return kept


# ------------------------------------------------------------------ bindings


def test_a_team_that_replicas_bind_at_once_is_bound_once(database: Database, shop: Workspace) -> None:
    def bound(_replica: int) -> int:
        with database.write() as uow:
            made = uow.places.bind(shop.id, "slack", "T1")
            uow.commit()
        return made

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(bound, range(4)))) == 1


# ------------------------------------------------------------------ presence


def test_one_look_tells_who_acts_where(database: Database, shop: Workspace, binding: int, lin: Member) -> None:
    with database.write() as uow:
        ops = uow.places.add_channel(shop.id, Channel(0, binding, "C1", "ops", Locale.EN))
        uow.commit()
    with database.read() as uow:
        found = uow.places.presence("slack", "T1", "U1", "C1")
    assert found is not None
    assert (found.binding, found.workspace) == (Binding(binding, shop.id, "slack", "T1"), shop)
    assert (found.member, found.channel) == (lin, ops)


def test_unknown_people_and_channels_of_a_bound_team_are_none(database: Database, lin: Member) -> None:
    with database.read() as uow:
        found = uow.places.presence("slack", "T1", "U2", "C2")
        assert found is not None
        assert (found.member, found.channel) == (None, None)
        assert uow.places.presence("slack", "T2", "U1", "C1") is None
        assert uow.places.presence("feishu", "T1", "U1", "C1") is None


def test_a_binding_can_be_switched_off_and_on(database: Database, binding: int) -> None:
    for on in (False, True):
        with database.write() as uow:
            uow.places.switch(binding, on)
            uow.commit()
        with database.read() as uow:
            assert uow.places.found(binding).on is on
            assert [each.on for each in uow.places.bindings("slack")] == [on]
            assert uow.places.bindings("feishu") == ()


def test_of_two_who_meet_a_channel_at_once_both_get_the_same(database: Database, shop: Workspace, binding: int) -> None:
    def meet(_number: int) -> int:
        with database.write() as uow:
            found = uow.places.ensure_channel(shop.id, Channel(0, binding, "C1", "ops"))
            uow.commit()
        return found.id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(meet, range(8)))) == 1


def test_a_channel_met_again_keeps_what_was_set_there(database: Database, shop: Workspace, binding: int) -> None:
    with database.write() as uow:
        ops = uow.places.ensure_channel(shop.id, Channel(0, binding, "C1", "ops"))
        uow.places.save_channel(replace(ops, name="operations", locale=Locale.EN))
        again = uow.places.ensure_channel(shop.id, Channel(0, binding, "C1", "ops"))
        uow.commit()
    assert (again.id, again.name, again.locale) == (ops.id, "operations", Locale.EN)


def test_a_platform_knows_its_own_accounts_and_channels_alone(database: Database, shop: Workspace, binding: int, lin: Member) -> None:
    with database.write() as uow:
        other = uow.places.bind(shop.id, "feishu", "cli_1")
        ops = uow.places.add_channel(shop.id, Channel(0, binding, "C1", "ops"))
        uow.commit()
    with database.read() as uow:
        assert uow.members.account(binding, lin.id) == "U1"
        assert uow.members.accounts(other, (lin.id,)) == {}
        assert uow.places.externals(binding, (ops.id,)) == {ops.id: "C1"}
        assert uow.places.externals(other, (ops.id,)) == {}
        assert uow.members.presences(shop.id) == {lin.id: ("slack",)}


# ------------------------------------------------------------------ secrets and uploads


def test_secrets_are_kept_sealed_and_never_shown(database: Database, binding: int) -> None:
    with database.write() as uow:
        uow.credentials.put(binding, SECRETS, NOW)
        uow.commit()
    with database.read() as uow:
        kept = uow.credentials.get(binding)
        raw = uow.session.execute(text("select content from credentials")).scalar_one()
    assert kept is not None
    assert (kept.secrets, kept.expires_at, kept.version) == (SECRETS, NOW, 1)
    assert b"xoxb" not in bytes(raw)
    assert "xoxb" not in repr(kept)


def test_one_alone_renews_a_version(database: Database, binding: int) -> None:
    with database.write() as uow:
        uow.credentials.put(binding, SECRETS, NOW)
        assert uow.credentials.lease(binding, 1, NOW, NOW + MINUTE)
        assert not uow.credentials.lease(binding, 1, NOW, NOW + MINUTE)
        assert uow.credentials.lease(binding, 1, NOW + MINUTE, NOW + 2 * MINUTE)
        assert uow.credentials.renew(binding, 1, {"bot_token": "new"}, None)
        assert not uow.credentials.renew(binding, 1, {"bot_token": "late"}, None)
        assert not uow.credentials.lease(binding, 1, NOW + MINUTE, NOW + 2 * MINUTE)
        uow.commit()
    with database.read() as uow:
        kept = uow.credentials.get(binding)
    assert kept is not None
    assert (kept.secrets["bot_token"], kept.version) == ("new", 2)


def test_a_team_installed_again_gets_new_secrets_and_a_renewal_of_the_old_ones_is_void(database: Database, binding: int) -> None:
    with database.write() as uow:
        uow.credentials.put(binding, SECRETS, NOW)
        uow.credentials.lease(binding, 1, NOW, NOW + MINUTE)
        uow.credentials.put(binding, {"bot_token": "fresh"}, None)
        assert not uow.credentials.renew(binding, 1, {"bot_token": "late"}, None)
        kept = uow.credentials.get(binding)
    assert kept is not None
    assert (kept.secrets["bot_token"], kept.expires_at, kept.version) == ("fresh", None, 2)


def test_bindings_that_are_off_lend_no_secrets(database: Database, shop: Workspace, binding: int) -> None:
    with database.write() as uow:
        uow.credentials.put(binding, SECRETS, None)
        off = uow.places.bind(shop.id, "slack", "T2")
        uow.credentials.put(off, SECRETS, None)
        uow.places.switch(off, False)
        assert [held.id for held, _ in uow.credentials.all("slack")] == [binding]


def test_a_picture_is_known_by_its_content_on_each_binding(database: Database, binding: int) -> None:
    with database.write() as uow:
        uow.uploads.put(binding, "hash", "F1", NOW)
        uow.uploads.put(binding, "hash", "F2", NOW)
        uow.commit()
    with database.read() as uow:
        assert uow.uploads.get(binding, "hash") == "F2"
        assert uow.uploads.get(binding + 1, "hash") is None


# ------------------------------------------------------------------ offered files


def test_an_offered_file_has_no_content_until_it_is_fetched(database: Database, shop: Workspace, binding: int) -> None:
    offered = OfferedFile("ref", shop.id, "orders.csv", "text/csv", binding, "F1", visible_to=7)
    with database.write() as uow:
        assert uow.files.offer(offered, NOW) == "ref"
        assert uow.files.offer(replace(offered, ref="other"), NOW) == "ref"
        assert uow.files.offer(replace(offered, ref="theirs", visible_to=8), NOW) == "theirs"
        uow.commit()
    with database.write() as uow:
        assert (uow.files.get("ref"), uow.files.offered("ref")) == (None, offered)
        uow.files.fill("ref", b"a,b")
        uow.commit()
    with database.read() as uow:
        found = uow.files.get("ref")
        assert found is not None
        assert (found.content, found.name, found.visible_to) == (b"a,b", "orders.csv", 7)
        assert uow.files.offered("ref") is None


# ------------------------------------------------------------------ what stands where


def delivery(shop: Workspace, binding: int, key: str) -> Delivery:
    return Delivery(0, shop.id, key, Kind.ANSWER, binding, "C1", NOW, subject="task:1")


def test_an_answer_is_written_as_held_with_its_payload(database: Database, shop: Workspace, binding: int) -> None:
    held = replace(delivery(shop, binding, "k"), state=DeliveryState.SENDING, lease_until=NOW + SEND_LEASE, attempts=1, edits="17.1")
    with database.write() as uow:
        row = uow.deliveries.plan(held, Request(), NOW, b"built")
        assert uow.deliveries.plan(held, Request(), NOW, b"built") is None
        waiting = uow.deliveries.plan(delivery(shop, binding, "waiting"), Request(), NOW)
        # Who plans what is held sends it too; what is not has to be taken up by somebody.
        assert uow.deliveries.fresh == [waiting]
        uow.commit()
    with database.read() as uow:
        assert row is not None
        assert uow.deliveries.get(row) == replace(held, id=row)
        assert uow.deliveries.payload(row) == b"built"


def sent(database: Database, planned: Delivery, receipt: str, at: datetime) -> int:
    with database.write() as uow:
        row = uow.deliveries.plan(replace(planned, state=DeliveryState.SENDING, lease_until=NOW, attempts=1), Request(), at, b"")
        assert row is not None
        held = uow.deliveries.get(row)
        assert held is not None
        assert uow.deliveries.move(held, replace(held, state=DeliveryState.SENT, lease_until=None, receipt=receipt, sent_at=at))
        uow.commit()
    return row


def test_what_is_on_its_way_of_a_subject_is_marked_and_nothing_else(database: Database, shop: Workspace, binding: int) -> None:
    planned = delivery(shop, binding, "open")
    with database.write() as uow:
        marked = [uow.deliveries.plan(planned, Request(), NOW), uow.deliveries.plan(replace(planned, key="list", subject="mine:1"), Request(), NOW)]
        uow.deliveries.plan(replace(planned, key="other", subject="task:2"), Request(), NOW)
        uow.commit()
    sent(database, replace(planned, key="stands"), "1.1", NOW)
    with database.write() as uow:
        uow.deliveries.touch(shop.id, ["task:1", "mine:1"])
        uow.commit()
    with database.read() as uow:
        assert {row.id for row in uow.deliveries.of(shop.id) if row.touched} == set(marked)


def test_each_standing_message_is_named_once_by_the_row_that_last_brought_it(database: Database, shop: Workspace, binding: int) -> None:
    planned = delivery(shop, binding, "first")
    sent(database, planned, "1.1", NOW)
    edited = sent(database, replace(planned, key="edit", kind=Kind.CARD, edits="1.1"), "1.1", NOW + MINUTE)
    other = sent(database, replace(planned, key="other", conversation="C2"), "1.1", NOW + 2 * MINUTE)
    sent(database, replace(planned, key="another", subject="task:2"), "2.2", NOW)
    with database.write() as uow:
        uow.deliveries.plan(replace(planned, key="waiting"), Request(), NOW)
        uow.commit()
    with database.read() as uow:
        assert [row.id for row in uow.deliveries.standing(shop.id, "task:1", NOW)] == [other, edited]
        assert [row.id for row in uow.deliveries.standing(shop.id, "task:1", NOW + 2 * MINUTE)] == [other]
        assert uow.deliveries.standing(shop.id + 1, "task:1", NOW) == ()
