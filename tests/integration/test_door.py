"""Who is let in, and what is a person told whom nobody can vouch for just now?"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.door import Door, Threshold
from core.clock import FixedClock
from core.errors import Reason, SendError, Unmet
from core.i18n.texts import text
from core.ports import Profile
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer, Outcome
from tests.fakes import FakePlatform
from tests.office import Office, open_office


@dataclass
class Vouching(FakePlatform):
    """A platform that knows one person, or says why it does not answer."""

    known: Profile | SendError | None = None

    def profile(self, binding: int, actor: str) -> Profile | None:
        if isinstance(self.known, SendError):
            raise self.known
        return self.known


@pytest.fixture
def office(embedded: Database, clock: FixedClock) -> Office:
    made = open_office(embedded, clock)
    with embedded.write() as uow:
        uow.places.bind(made.shop.id, "slack", "T1")
        uow.commit()
    return made


def said(office: Office, known: Profile | SendError | None, tenant: str = "T1") -> Answer:
    door = Door(office.database, lambda binding: Vouching(known=known))
    asked = office.invocation("/ops help", office.owner, platform="slack", tenant=tenant, actor="U7", conversation="C1")
    return office.dispatcher(welcome=door)(asked)


def handles(office: Office) -> list[str]:
    with office.database.read() as uow:
        return [member.handle for member in uow.members.all(office.shop.id)]


def test_whom_the_platform_vouches_for_is_let_in(office: Office) -> None:
    assert said(office, Profile("He Tian", "he")).outcome is Outcome.DONE
    assert handles(office) == ["he", "lin", "vera"]


@pytest.mark.parametrize("tenant", ["T1", "T2"])
def test_who_does_not_belong_there_stays_outside(office: Office, tenant: str) -> None:
    answer = said(office, None, tenant)
    assert (answer.outcome, answer.visible_to, handles(office)) == (Outcome.MISTAKE, None, ["lin", "vera"])


@pytest.mark.parametrize("reason", [Reason.UNREACHABLE, Reason.NO_ACCESS])
def test_where_the_platform_does_not_say_the_person_is_asked_to_try_again(office: Office, reason: Reason) -> None:
    answer = said(office, SendError(reason, retryable=False))
    assert answer.message.fallback == text(office.shop.locale, "kernel.denied.unsure")
    assert (answer.outcome, answer.visible_to, handles(office)) == (Outcome.MISTAKE, None, ["lin", "vera"])


@pytest.mark.parametrize(
    ("known", "said"),
    [(Profile("He Tian", "he"), Outcome.DONE), (None, Outcome.MISTAKE), (SendError(Reason.UNREACHABLE, retryable=True), Outcome.MISTAKE)],
    ids=["of the team", "a guest", "nobody knows"],
)
def test_at_the_threshold_the_platform_is_asked_before_the_act_comes_again(office: Office, known: Profile | SendError | None, said: Outcome) -> None:
    dispatch = office.dispatcher(welcome=Threshold(Door(office.database, lambda binding: Vouching(known=known))))
    asked = office.invocation("/ops help", office.owner, platform="slack", tenant="T1", actor="U7", conversation="C1")
    with pytest.raises(Unmet) as unmet:
        dispatch(asked)
    assert handles(office) == ["lin", "vera"]
    unmet.value.meet()
    assert dispatch(asked).outcome is said


def test_who_never_comes_again_is_forgotten(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.door.MOST_ASKED", 2)
    threshold = Threshold(Door(office.database, lambda binding: Vouching()))
    first, *others = (office.invocation("/ops help", office.owner, platform="slack", tenant="T1", actor=f"U{number}") for number in range(3))
    for act in (first, *others):
        with pytest.raises(Unmet) as unmet:
            threshold(act)
        unmet.value.meet()
    assert [threshold(act) for act in others] == [False, False]
    with pytest.raises(Unmet):
        threshold(first)


def test_a_door_that_breaks_is_a_fault_with_a_number(office: Office) -> None:
    def broken(binding: int) -> FakePlatform:
        raise RuntimeError("no platform")

    dispatch = office.dispatcher(welcome=Threshold(Door(office.database, broken)))
    asked = office.invocation("/ops help", office.owner, platform="slack", tenant="T1", actor="U7", conversation="C1")
    with pytest.raises(Unmet) as unmet:
        dispatch(asked)
    unmet.value.meet()
    assert dispatch(asked).outcome is Outcome.FAULT
