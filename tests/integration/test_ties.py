"""With whose secrets does the process speak, and are they kept to themselves?"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text as sql

from bot.platforms.seams import Keys
from bot.switchboard import Switchboard
from bot.ties import StoredTies
from core.clock import FixedClock
from core.domain.workspaces import Channel, Locale, Member, Permission, Workspace
from core.errors import Reason, SendError, UserError
from core.messages.model import ChannelLink, Mention, Message, Paragraph
from core.services import workspaces
from core.storage.unit_of_work import Database, UnitOfWork
from tests.fakes import FakePlatform

NOW = datetime(2024, 6, 4, 1, tzinfo=UTC)
SECRETS = {"bot_token": "xoxb-very-secret"}


@pytest.fixture
def shop(database: Database) -> Workspace:
    return made(database, "茶铺")


@pytest.fixture
def ties(database: Database, clock: FixedClock, shop: Workspace) -> StoredTies:
    return StoredTies(database, clock, lambda: shop.id)


def made(database: Database, name: str) -> Workspace:
    with database.write() as uow:
        kept, _, _ = workspaces.create(
            uow, Workspace(0, name, Locale.ZH, "Asia/Shanghai", "CNY", "CN"), Member(0, "林晓", Permission.ADMIN, handle="lin"), NOW
        )
        uow.commit()
    return kept


def test_the_settings_team_is_bound_to_the_processs_workspace_and_its_secrets_are_stored_nowhere(
    ties: StoredTies, database: Database, shop: Workspace
) -> None:
    for _ in range(2):
        ties.adopt("slack", "T1", SECRETS)
    keys = ties.keys_of("slack", "T1")
    assert keys is not None
    assert (ties.keys(keys.binding).secrets, ties.every("slack")) == (SECRETS, (keys,))
    with database.read() as uow:
        assert uow.places.workspace(keys.binding) == shop.id
        assert uow.credentials.get(keys.binding) is None


def test_teams_of_one_name_on_two_platforms_are_not_mixed_up(ties: StoredTies) -> None:
    ties.adopt("slack", "same", SECRETS)
    assert ties.keys_of("feishu", "same") is None


def test_an_installed_team_keeps_its_secrets_sealed(ties: StoredTies, database: Database, shop: Workspace) -> None:
    binding = ties.install("slack", "T2", shop.id, SECRETS, None)
    assert ties.keys(binding).secrets == SECRETS
    with database.read() as uow:
        content = uow.session.execute(sql("select content from credentials")).scalar_one()
    assert b"xoxb" not in bytes(content)


def test_a_team_belongs_to_one_workspace(ties: StoredTies, database: Database, shop: Workspace) -> None:
    ties.install("slack", "T2", shop.id, SECRETS, None)
    with pytest.raises(UserError):
        ties.install("slack", "T2", made(database, "书店").id, SECRETS, None)


def test_before_the_settings_team_is_known_sending_waits_and_is_not_given_up(ties: StoredTies, database: Database, shop: Workspace) -> None:
    with database.write() as uow:
        binding = uow.places.bind(shop.id, "slack", "T1")
        uow.commit()
    assert _refusal(ties, binding) == (Reason.BAD_CREDENTIALS, False)
    ties.expect("slack")
    assert _refusal(ties, binding) == (Reason.UNREACHABLE, True)
    ties.adopt("slack", "T1", SECRETS)
    assert ties.keys(binding).secrets == SECRETS


def test_a_team_that_is_adopted_while_its_secrets_are_looked_up_is_not_given_up(
    ties: StoredTies, database: Database, shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as uow:
        binding = uow.places.bind(shop.id, "slack", "T1")
        uow.commit()
    ties.expect("slack")
    read = Database.read

    def adopted_then_read(self: Database) -> AbstractContextManager[UnitOfWork]:
        monkeypatch.setattr(Database, "read", read)
        ties.adopt("slack", "T1", SECRETS)
        return read(self)

    monkeypatch.setattr(Database, "read", adopted_then_read)
    assert _refusal(ties, binding) == (Reason.UNREACHABLE, True)
    assert ties.keys(binding).secrets == SECRETS


def test_a_team_that_removed_the_bot_is_sent_nothing(ties: StoredTies, database: Database, shop: Workspace) -> None:
    binding = ties.install("slack", "T2", shop.id, SECRETS, None)
    ties.forget("slack", "T2")
    assert _refusal(ties, binding) == (Reason.BAD_CREDENTIALS, False)
    with database.read() as uow:
        assert uow.credentials.get(binding) is None
    assert (ties.every("slack"), ties.keys_of("slack", "T2")) == ((), None)
    ties.install("slack", "T2", shop.id, SECRETS, None)
    assert ties.keys(binding).secrets == SECRETS


def test_the_settings_team_may_remove_the_bot_too(ties: StoredTies) -> None:
    ties.adopt("slack", "T1", SECRETS)
    keys = ties.keys_of("slack", "T1")
    assert keys is not None
    ties.forget("slack", "T1")
    assert ties.keys_of("slack", "T1") is None
    assert _refusal(ties, keys.binding) == (Reason.BAD_CREDENTIALS, False)


def test_a_team_that_another_process_let_go_is_spoken_for_no_more_and_taken_up_again(ties: StoredTies, database: Database, shop: Workspace) -> None:
    ties.adopt("slack", "T1", SECRETS)
    (keys,) = ties.every("slack")
    with database.write() as uow:
        uow.places.switch(keys.binding, on=False)
        uow.commit()
    assert (ties.keys_of("slack", "T1"), _refusal(ties, keys.binding)) == (None, (Reason.BAD_CREDENTIALS, False))
    with database.write() as uow:
        uow.places.switch(keys.binding, on=True)
        uow.commit()
    assert ties.keys_of("slack", "T1") == ties.keys(keys.binding) == keys


def test_one_alone_renews_and_a_late_renewal_changes_nothing(ties: StoredTies, shop: Workspace) -> None:
    old = ties.keys(ties.install("slack", "T2", shop.id, SECRETS, NOW))
    assert [ties.may_renew(old, NOW) for _ in range(2)] == [True, False]
    assert ties.may_renew(old, NOW + timedelta(seconds=31))
    ties.renew(old, {"bot_token": "new"}, None)
    ties.renew(old, {"bot_token": "late"}, None)
    assert ties.keys(old.binding).secrets == {"bot_token": "new"}


def test_secrets_do_not_show(shop: Workspace) -> None:
    assert "xoxb" not in repr(Keys(1, "T1", SECRETS))


def test_members_and_channels_are_called_as_the_platform_calls_them(ties: StoredTies, database: Database, shop: Workspace) -> None:
    binding = ties.install("slack", "T2", shop.id, SECRETS, None)
    with database.write() as uow:
        member = uow.workspaces.owner(shop.id) or 0
        uow.members.link(shop.id, member, binding, "U1")
        channel = uow.places.add_channel(shop.id, Channel(0, binding, "C1", "ops"))
        uow.commit()
    words = (Mention(member, "林晓"), Mention(-1, "nobody"), ChannelLink(channel.id, "ops"))
    assert ties.refs(binding, Message((Paragraph((words,)),), "x")) == {f"member:{member}": "U1", f"channel:{channel.id}": "C1"}


def test_a_platform_that_is_not_set_up_here_may_be_so_elsewhere(ties: StoredTies, database: Database, shop: Workspace) -> None:
    binding = ties.install("slack", "T2", shop.id, SECRETS, None)
    board = Switchboard(database, {"web": FakePlatform})
    with pytest.raises(LookupError):
        board(binding)
    fake = FakePlatform()
    board.use("slack", fake)
    assert board(binding) is fake


def _refusal(ties: StoredTies, binding: int) -> tuple[Reason, bool]:
    with pytest.raises(SendError) as refused:
        ties.keys(binding)
    return refused.value.reason, refused.value.retryable
