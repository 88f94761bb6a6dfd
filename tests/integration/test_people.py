"""Do people come in once, become one where they are one, hold roles when they do, and keep an admin among them?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import BigInteger

import core.storage.tables  # noqa: F401  # declares the tables
from core.domain.campaigns import Task
from core.domain.links import MOST_TRIES, TRIES_WITHIN, Linking
from core.domain.workspaces import Channel, Locale, Member, Permission, Workspace
from core.errors import UserError
from core.ports import Profile
from core.services import people, roles
from core.services.links import give_code, type_code
from core.services.newcomers import take_in
from core.services.roles import RoleWords
from core.services.tasks import create_task
from core.storage.base import Base
from core.storage.repositories.chat import OfferedFile
from core.storage.repositories.merging import NAMING
from core.storage.unit_of_work import Database

NOW = datetime(2024, 6, 4, 1, tzinfo=UTC)
TODAY = date(2024, 6, 4)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@dataclass
class Team:
    """A shop on Slack and on Feishu, with an admin on Slack."""

    database: Database
    shop: Workspace
    slack: int
    feishu: int
    lin: Member

    def come(self, binding: int, actor: str, name: str = "", permission: Permission | None = None) -> Member:
        with self.database.write() as uow:
            member = take_in(uow, self.shop, binding, actor, Profile(name))
            if permission:
                member = replace(member, permission=permission)
                uow.members.save(self.shop.id, member)
            uow.commit()
        return member

    def code(self, member: Member, now: datetime = NOW) -> str:
        with self.database.write() as uow:
            code = give_code(uow, self.shop, member, now)
            uow.commit()
        return code

    def type(self, member: Member, binding: int, code: str, now: datetime = NOW) -> tuple[Linking, Member]:
        with self.database.write() as uow:
            came = type_code(uow, self.shop, member, binding, code, now)
            uow.commit()
        return came

    def behind(self, binding: int, actor: str) -> Member | None:
        with self.database.read() as uow:
            return uow.members.by_account(binding, actor)


@pytest.fixture
def team(database: Database) -> Team:
    with database.write() as uow:
        shop = uow.workspaces.add(Workspace(0, "Tea shop", Locale.ZH, "Asia/Shanghai", "CNY", "CN", newcomers=Permission.MEMBER), NOW)
        slack, feishu = uow.places.bind(shop.id, "slack", "T1"), uow.places.bind(shop.id, "feishu", "cli_1")
        lin = uow.members.add(shop.id, Member(0, "林晓", Permission.ADMIN, handle="lin"))
        uow.members.link(shop.id, lin.id, slack, "U1")
        uow.commit()
    return Team(database, shop, slack, feishu, lin)


# ------------------------------------------------------------------ newcomers


def test_a_newcomer_is_taken_in_with_what_their_platform_tells(team: Team) -> None:
    with team.database.write() as uow:
        profile = Profile("陈晨", "Chen", Locale.EN, "Asia/Tokyo")
        chen = take_in(uow, team.shop, team.feishu, "ou_1", profile)
        uow.commit()
    assert (chen.name, chen.handle, chen.locale, chen.timezone) == ("陈晨", "chen", Locale.EN, "Asia/Tokyo")
    assert chen.permission is Permission.MEMBER
    assert team.behind(team.feishu, "ou_1") == chen


def test_of_two_first_words_at_once_one_person_comes(team: Team) -> None:
    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(lambda _: team.come(team.feishu, "ou_1", "Chen").id, range(6)))
    assert len(set(came)) == 1
    with team.database.read() as uow:
        assert len(uow.members.all(team.shop.id)) == 2


def test_no_newcomer_takes_a_handle_that_means_somebody_else(team: Team) -> None:
    assert [team.come(team.feishu, "ou_1", "Lin").handle, team.come(team.feishu, "ou_2", "me").handle] == ["lin2", "me2"]


# ------------------------------------------------------------------ permission


def test_a_permission_is_given_and_taken(team: Team) -> None:
    chen = team.come(team.feishu, "ou_1", "Chen")
    with team.database.write() as uow:
        granted = people.grant(uow, team.shop, chen, Permission.ADMIN)
        assert (granted.before, granted.member.permission) == (Permission.MEMBER, Permission.ADMIN)
        people.grant(uow, team.shop, team.lin, Permission.VIEWER)
        uow.commit()
    with team.database.read() as uow:
        assert [member.handle for member in people.roster(uow, team.shop).members] == ["chen", "lin"]


def test_the_last_admin_stays_one(team: Team) -> None:
    gone = team.come(team.feishu, "ou_1", "Chen", Permission.ADMIN)
    with team.database.write() as uow:
        uow.members.save(team.shop.id, replace(gone, active=False))
        with pytest.raises(UserError, match=r"people\.grant\.last_admin"):
            people.grant(uow, team.shop, team.lin, Permission.LEAD)


def test_two_admins_who_demote_each_other_leave_one(team: Team) -> None:
    chen = team.come(team.feishu, "ou_1", "Chen", Permission.ADMIN)

    def demote(member: Member) -> bool:
        with team.database.write() as uow:
            try:
                people.grant(uow, team.shop, member, Permission.MEMBER)
            except UserError:
                return False
            uow.commit()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, (team.lin, chen))) == [False, True]


# ------------------------------------------------------------------ one person on two platforms


def test_a_code_typed_on_the_other_platform_joins_the_accounts(team: Team) -> None:
    chen = team.come(team.feishu, "ou_1", "Lin X", Permission.LEAD)
    code = team.code(team.lin)
    outcome, person = team.type(chen, team.feishu, code)
    assert (outcome, person.id, person.permission) == (Linking.JOINED, team.lin.id, Permission.ADMIN)
    assert team.behind(team.feishu, "ou_1") == team.behind(team.slack, "U1") == person
    with team.database.read() as uow:
        assert not uow.members.get(team.shop.id, chen.id).active
        # What names the emptied member, in a message on its way, still finds the person.
        assert uow.members.accounts(team.slack, (chen.id, team.lin.id)) == {chen.id: "U1", team.lin.id: "U1"}


def test_the_giver_may_be_the_younger_one_and_nothing_is_lost(team: Team) -> None:
    chen = team.come(team.feishu, "ou_1", "Chen", Permission.ADMIN)
    outcome, person = team.type(team.lin, team.slack, team.code(chen))
    assert (outcome, person.id, person.permission) == (Linking.JOINED, chen.id, Permission.ADMIN)
    assert team.behind(team.slack, "U1") == person


def test_who_may_do_more_hands_themselves_over_to_nobody(team: Team) -> None:
    chen = team.come(team.feishu, "ou_1", "Chen")
    assert team.type(team.lin, team.slack, team.code(chen)) == (Linking.OTHER_WAY, team.lin)
    assert team.behind(team.slack, "U1") == team.lin
    assert team.type(chen, team.feishu, team.code(team.lin))[0] is Linking.JOINED


def test_a_used_code_joins_nobody_else_and_tells_its_person_so(team: Team) -> None:
    chen, other = team.come(team.feishu, "ou_1"), team.come(team.feishu, "ou_2")
    code = team.code(team.lin)
    _, person = team.type(chen, team.feishu, code)
    assert team.type(person, team.feishu, code)[0] is Linking.ALREADY
    assert team.type(other, team.feishu, code)[0] is Linking.WRONG
    assert team.behind(team.feishu, "ou_2") == other


def test_ones_own_code_and_one_of_the_same_platform_join_nothing(team: Team) -> None:
    beside = team.come(team.slack, "U2")
    code = team.code(team.lin)
    assert team.type(team.lin, team.slack, code)[0] is Linking.OWN
    assert team.type(beside, team.slack, code)[0] is Linking.SAME_PLATFORM
    assert team.type(team.come(team.feishu, "ou_1"), team.feishu, code)[0] is Linking.JOINED


def test_a_code_takes_nothing_over_from_a_person_who_is_known_beside_its_giver(team: Team) -> None:
    """Talked into typing somebody's code, an admin on both platforms stays who they are."""
    _, admin = team.type(team.come(team.feishu, "ou_1"), team.feishu, team.code(team.lin))
    other = team.come(team.slack, "U2")
    assert team.type(admin, team.feishu, team.code(other))[0] is Linking.SAME_PLATFORM
    assert team.behind(team.slack, "U1") == team.behind(team.feishu, "ou_1") == admin


def test_a_code_holds_ten_minutes_and_until_the_next(team: Team) -> None:
    chen = team.come(team.feishu, "ou_1")
    first, second = team.code(team.lin), team.code(team.lin)
    assert team.type(chen, team.feishu, first)[0] is Linking.WRONG
    assert team.type(chen, team.feishu, second, NOW + 10 * MINUTE)[0] is Linking.WRONG


def test_who_guesses_has_to_wait_even_with_the_right_code(team: Team) -> None:
    chen = team.come(team.feishu, "ou_1")
    code = team.code(team.lin)
    for _ in range(MOST_TRIES):
        assert team.type(chen, team.feishu, "AAAA-AAAA")[0] is Linking.WRONG
    assert team.type(chen, team.feishu, code)[0] is Linking.WAIT
    later = NOW + TRIES_WITHIN
    assert team.type(chen, team.feishu, team.code(team.lin, later), later)[0] is Linking.JOINED


def test_a_code_of_another_team_is_none(team: Team) -> None:
    with team.database.write() as uow:
        other = uow.workspaces.add(Workspace(0, "Other", Locale.EN, "UTC", "GBP", "GB"), NOW)
        stranger = uow.members.add(other.id, Member(0, "A", Permission.ADMIN, handle="a"))
        code = give_code(uow, other, stranger, NOW)
        uow.commit()
    assert team.type(team.come(team.feishu, "ou_1"), team.feishu, code)[0] is Linking.WRONG


def test_only_a_keyed_hash_of_a_code_is_kept(team: Team) -> None:
    code = team.code(team.lin)
    with team.database.read() as uow:
        rows = uow.session.connection().exec_driver_sql("select code_hash from link_codes").all()
    assert len(rows) == 1
    assert code not in rows[0][0]


def test_everything_that_names_a_member_moves() -> None:
    """A new column that names a member must be listed, or what it holds would stay with the emptied one."""
    named = {"visible_to", "author", "set_by", "owner_id", "member_id", "direct_to", "done_by", "merged_into"}
    there = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in named or any(key.column.table.name == "members" for key in column.foreign_keys)
    }
    assert {(column.class_.__tablename__, column.key) for column in NAMING} == there
    assert all(isinstance(column.type, BigInteger) for column in NAMING)


def test_tasks_roles_and_channels_go_over_and_what_both_had_stays_once(team: Team) -> None:
    chen = team.come(team.feishu, "ou_1", "Chen")
    with team.database.write() as uow:
        create_task(uow, team.shop, Task(0, 0, "both", (chen.id, team.lin.id)), NOW)
        create_task(uow, team.shop, Task(0, 0, "hers", (chen.id,), done_by=chen.id), NOW)
        uow.places.add_channel(team.shop.id, Channel(0, team.feishu, "oc_1", "Chen", direct_to=chen.id))
        for ref, member in (("hers", chen.id), ("mine", team.lin.id)):
            uow.files.offer(OfferedFile(ref, team.shop.id, "orders.csv", "text/csv", team.feishu, "F1", member), NOW)
        roles.add_role(uow, team.shop, RoleWords("Planner"))
        roles.assign_role(uow, team.shop, chen, "Planner", TODAY)
        uow.commit()
    team.type(chen, team.feishu, team.code(team.lin))
    with team.database.read() as uow:
        both, hers = (uow.tasks.numbered(team.shop.id, number) for number in (1, 2))
        assert both is not None
        assert hers is not None
        assert (both.owners, hers.owners, hers.done_by) == ((team.lin.id,), (team.lin.id,), team.lin.id)
        found = uow.places.channel(team.feishu, "oc_1")
        assert found is not None
        assert found.direct_to == team.lin.id
        assert (uow.files.offered("hers"), uow.files.offered("mine") is not None) == (None, True)
        assert [member.id for member in roles.staffed(uow, team.shop, "Planner", TODAY).holders] == [team.lin.id]


def test_what_the_emptied_member_was_called_means_the_living_person(team: Team) -> None:
    chen = team.come(team.feishu, "ou_1", "Chen")
    team.type(chen, team.feishu, team.code(team.lin))
    with team.database.read() as uow:
        for typed in ("@chen", "Chen", "lin", "林晓"):
            assert people.find_person(uow, team.shop, team.lin, typed, "who").id == team.lin.id, typed
        with pytest.raises(UserError, match=r"people\.near.*lin"):
            people.find_person(uow, team.shop, team.lin, "@chenn", "who")
        assert [member.id for member in people.roster(uow, team.shop).members] == [team.lin.id]


def test_two_who_are_called_so_are_told_apart_and_one_with_two_names_is_one(team: Team) -> None:
    chen, _ = team.come(team.feishu, "ou_1", "Chen"), team.come(team.feishu, "ou_2", "Chen")
    team.type(chen, team.feishu, team.code(team.lin))
    with team.database.read() as uow:
        assert people.find_people(uow, team.shop, team.lin, "@chen, @lin", "who") == (uow.members.get(team.shop.id, team.lin.id),)
        assert people.find_person(uow, team.shop, team.lin, "@chen2", "who").handle == "chen2"


def test_a_chosen_language_and_zone_go_over_to_one_who_chose_none(team: Team) -> None:
    with team.database.write() as uow:
        chen = take_in(uow, team.shop, team.feishu, "ou_1", Profile("Chen", locale=Locale.EN, timezone="Asia/Tokyo"))
        uow.commit()
    _, person = team.type(chen, team.feishu, team.code(team.lin))
    assert (person.locale, person.timezone) == (Locale.EN, "Asia/Tokyo")
    assert team.behind(team.slack, "U1") == person


def test_a_name_that_people_gave_takes_the_place_of_one_that_was_made_up(team: Team) -> None:
    nameless, chen = team.come(team.feishu, "ou_1a2b"), team.come(team.slack, "U2", "Chen")
    assert (nameless.name, nameless.handle) == ("u1a2b", "u1a2b")
    _, person = team.type(chen, team.slack, team.code(nameless))
    assert (person.id, person.name, person.handle) == (nameless.id, "Chen", "chen")
    assert team.behind(team.slack, "U2") == team.behind(team.feishu, "ou_1a2b") == person
    with team.database.read() as uow:
        assert people.find_person(uow, team.shop, team.lin, "@u1a2b", "who") == person


def test_a_handle_that_only_looks_made_up_is_kept(team: Team) -> None:
    uma, chen = team.come(team.feishu, "ou_1a2b", "uma"), team.come(team.slack, "U2", "Chen")
    _, person = team.type(chen, team.slack, team.code(uma))
    assert (person.name, person.handle) == ("uma", "uma")


# ------------------------------------------------------------------ roles


def test_roles_know_their_holders_and_who_leads(team: Team) -> None:
    chen = team.come(team.feishu, "ou_1", "Chen")
    with team.database.write() as uow:
        manager = roles.add_role(uow, team.shop, RoleWords("Manager", "plans", works_with="Design"))
        roles.add_role(uow, team.shop, RoleWords("Planner", reports_to="manager"))
        roles.assign_role(uow, team.shop, team.lin, "Manager", TODAY)
        roles.assign_role(uow, team.shop, chen, "planner", TODAY + DAY)
        uow.commit()
    with team.database.read() as uow:
        assert roles.lead_of(uow, team.shop, chen.id, TODAY) is None
        lead = roles.lead_of(uow, team.shop, chen.id, TODAY + DAY)
        assert lead is not None
        assert lead.id == team.lin.id
        assert roles.jobs(uow, team.shop, TODAY) == {team.lin.id: "Manager"}
        [first, second] = roles.staff(uow, team.shop, TODAY + DAY)
        assert (first.role, first.over) == (manager, None)
        assert (second.over, [member.handle for member in second.holders]) == (manager, ["chen"])


def test_several_hold_a_role_until_each_is_ended(team: Team) -> None:
    chen = team.come(team.feishu, "ou_1", "Chen")
    with team.database.write() as uow:
        roles.add_role(uow, team.shop, RoleWords("Analyst"))
        roles.assign_role(uow, team.shop, team.lin, "Analyst", TODAY - DAY)
        assert [other.id for other in roles.assign_role(uow, team.shop, chen, "Analyst", TODAY).others] == [team.lin.id]
        assert roles.assign_role(uow, team.shop, chen, "Analyst", TODAY + DAY).already
        roles.end_role(uow, team.shop, team.lin, "Analyst", TODAY)
        uow.commit()
    with team.database.read() as uow:
        held = [[member.handle for member in roles.staffed(uow, team.shop, "Analyst", TODAY + shift * DAY).holders] for shift in (-1, 0, 1)]
    assert held == [["lin"], ["lin", "chen"], ["chen"]]


def test_a_role_can_begin_sooner_and_go_on_for_longer_than_was_said(team: Team) -> None:
    with team.database.write() as uow:
        roles.add_role(uow, team.shop, RoleWords("Analyst"))
        roles.assign_role(uow, team.shop, team.lin, "Analyst", TODAY + 5 * DAY)
        sooner = roles.assign_role(uow, team.shop, team.lin, "Analyst", TODAY)
        assert (sooner.already, sooner.others) == (False, ())
        roles.end_role(uow, team.shop, team.lin, "Analyst", TODAY + 2 * DAY)
        assert not roles.assign_role(uow, team.shop, team.lin, "Analyst", TODAY).already
        uow.commit()
    with team.database.read() as uow:
        assert [len(roles.staffed(uow, team.shop, "Analyst", TODAY + shift * DAY).holders) for shift in (-1, 0, 2, 9)] == [0, 1, 1, 1]


def test_a_role_that_ends_before_it_began_never_was(team: Team) -> None:
    with team.database.write() as uow:
        roles.add_role(uow, team.shop, RoleWords("Analyst"))
        roles.assign_role(uow, team.shop, team.lin, "Analyst", TODAY)
        roles.end_role(uow, team.shop, team.lin, "Analyst", TODAY - DAY)
        assert uow.roles.holdings(team.shop.id) == ()
        with pytest.raises(UserError, match=r"role\.end\.not_held"):
            roles.end_role(uow, team.shop, team.lin, "Analyst", TODAY)


def test_a_role_that_would_report_to_itself_is_refused(team: Team) -> None:
    with team.database.write() as uow:
        roles.add_role(uow, team.shop, RoleWords("Top"))
        roles.add_role(uow, team.shop, RoleWords("Middle", reports_to="Top"))
        roles.add_role(uow, team.shop, RoleWords("Low", reports_to="Middle"))
        for over in ("Low", "Top"):
            with pytest.raises(UserError, match=r"role\.circle"):
                roles.change_role(uow, team.shop, "Top", RoleWords(reports_to=over))
        assert roles.change_role(uow, team.shop, "Low", RoleWords(reports_to="")).reports_to is None


@pytest.mark.parametrize(("name", "key"), [("  ", "length"), ("x" * 61, "length"), (" MANAGER ", "taken")])
def test_a_role_needs_a_name_of_its_own(team: Team, name: str, key: str) -> None:
    with team.database.write() as uow:
        roles.add_role(uow, team.shop, RoleWords("Manager"))
        with pytest.raises(UserError, match=rf"role\.name\.{key}"):
            roles.add_role(uow, team.shop, RoleWords(name))
        assert roles.change_role(uow, team.shop, "manager", RoleWords(name="manager")).name == "manager"


def test_who_has_left_leads_and_holds_nothing(team: Team) -> None:
    chen = team.come(team.feishu, "ou_1", "Chen")
    with team.database.write() as uow:
        roles.add_role(uow, team.shop, RoleWords("Top"))
        roles.add_role(uow, team.shop, RoleWords("Low", reports_to="Top"))
        roles.assign_role(uow, team.shop, chen, "Top", TODAY)
        roles.assign_role(uow, team.shop, team.lin, "Low", TODAY)
        uow.members.save(team.shop.id, replace(chen, active=False))
        assert roles.staffed(uow, team.shop, "Top", TODAY).holders == ()
        assert roles.lead_of(uow, team.shop, team.lin.id, TODAY) is None
