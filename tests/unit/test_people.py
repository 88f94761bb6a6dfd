"""By which handle is a newcomer called, who leads whom, and what is a code or a time of day?"""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.links import ALPHABET, LENGTH, spelt, understood
from core.domain.people import LONGEST_HANDLE, handle_for
from core.domain.roles import Holding, Role, circles, holding_on, lead_on
from core.domain.times import parse_time

DAY = date(2024, 6, 4)
ONE = timedelta(days=1)

# ------------------------------------------------------------------ handles


@pytest.mark.parametrize(
    ("wish", "name", "account", "handle"),
    [
        ("Lin.Xiao", "林晓", "U1", "lin.xiao"),
        ("", "Vera Ng", "U1", "verang"),
        ("", "林 晓！", "ou_7d8a6E2F", "林晓"),
        ("", "", "ou_7d8a6E2F", "u6e2f"),
        ("@@", "!!", "--", "u"),
    ],
)
def test_a_handle_comes_from_what_the_platform_knows(wish: str, name: str, account: str, handle: str) -> None:
    assert handle_for(wish, name, account, ()) == handle


@given(st.text(max_size=30), st.text(max_size=30), st.lists(st.sampled_from(["lin", "lin2", "me"])))
def test_a_handle_is_nobodys_and_can_be_typed(wish: str, name: str, taken: list[str]) -> None:
    handle = handle_for(wish, name, "U024BE7LH", taken)
    assert handle not in taken
    assert handle.isprintable()
    assert not any(character.isspace() for character in handle)
    assert 1 <= len(handle) <= LONGEST_HANDLE + 1


def test_a_second_of_the_same_name_gets_a_number() -> None:
    assert handle_for("lin", "", "U1", {"lin", "lin2"}) == "lin3"


# ------------------------------------------------------------------ codes


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_a_code_is_understood_however_it_is_typed(code: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in spelt(code))
    assert {understood(typed) for typed in (code, spelt(code), spelt(code).lower(), f"  {spelt(code)} ", wide)} == {code}


def test_no_sign_of_a_code_is_taken_for_another() -> None:
    assert not set(ALPHABET) & set("01258BILOSUZ")


# ------------------------------------------------------------------ times of day


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("09:00", time(9)),
        ("9：30", time(9, 30)),
        ("9点", time(9)),
        ("9点半", time(9, 30)),
        ("下午3点15分", time(15, 15)),
        ("上午 9点", time(9)),
        ("9am", time(9)),
        ("9:30 PM", time(21, 30)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("21", time(21)),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(typed: str, meant: time) -> None:
    assert parse_time(typed) == meant


@pytest.mark.parametrize("typed", ["", "25:00", "9:75", "13pm", "0am", "noon", "9:5", "9:00:00", "-9"])
def test_what_is_no_time_of_day_is_none(typed: str) -> None:
    assert parse_time(typed) is None


@given(st.times())
def test_every_minute_is_read_back(at: time) -> None:
    assert parse_time(f"{at:%H:%M}") == at.replace(second=0, microsecond=0)


# ------------------------------------------------------------------ roles

DIRECTOR, MANAGER, PLANNER = Role(1, "director"), Role(2, "manager", reports_to=1), Role(3, "planner", reports_to=2)
ROLES = {role.id: role for role in (DIRECTOR, MANAGER, PLANNER)}


def held(role: int, member: int, since: date = DAY, until: date | None = None) -> Holding:
    return Holding(role * 100 + member, role, member, since, until)


def test_a_role_is_held_from_its_first_day_to_its_last() -> None:
    holding = held(1, 7, DAY, DAY + ONE)
    assert [holding.on(DAY + shift * ONE) for shift in (-1, 0, 1, 2)] == [False, True, True, False]


def test_who_has_held_it_longest_comes_first() -> None:
    holdings = [held(1, 8), held(1, 7, DAY - ONE), held(1, 9, DAY + ONE)]
    assert [holding.member for holding in holding_on(holdings, DAY)] == [7, 8]


def test_one_reports_to_the_holder_of_the_role_above() -> None:
    holdings = [held(1, 11), held(2, 12), held(3, 13)]
    assert [lead_on(ROLES, holdings, member, DAY) for member in (13, 12, 11, 99)] == [12, 11, None, None]


def test_an_empty_role_and_oneself_are_passed_over_on_the_way_up() -> None:
    assert lead_on(ROLES, [held(1, 11), held(3, 13)], 13, DAY) == 11
    assert lead_on(ROLES, [held(1, 11), held(2, 13), held(3, 13, DAY - ONE)], 13, DAY) == 11


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6))))
def test_a_role_never_comes_to_report_to_itself(wishes: list[tuple[int, int]]) -> None:
    roles = {number: Role(number, str(number)) for number in range(1, 7)}
    for role, over in wishes:
        if not circles(roles, role, over):
            roles[role] = Role(role, str(role), reports_to=over)
    for role in roles:
        climbed, at = 0, roles[role].reports_to
        while at is not None:
            climbed, at = climbed + 1, roles[at].reports_to
            assert climbed < len(roles)
