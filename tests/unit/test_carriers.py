"""Does an answer that hangs keep anybody waiting, and is one that is nearly out waited for?"""

from __future__ import annotations

from threading import Event

from bot.carriers import Carriers


def test_whoever_hands_something_over_goes_on_at_once() -> None:
    carriers, gate, done = Carriers(), Event(), Event()
    carriers(lambda: (gate.wait(5), done.set())[1])
    assert not done.is_set()
    gate.set()
    carriers.drain(5)
    assert done.is_set()


def test_what_hangs_is_given_up_at_the_end() -> None:
    carriers, gate = Carriers(), Event()
    carriers(lambda: (gate.wait(5), None)[1])
    carriers.drain(0)
    assert not gate.is_set()
    gate.set()
    carriers.drain(5)


def test_one_that_hangs_does_not_hold_the_next_one_up() -> None:
    carriers, gate, second = Carriers(), Event(), Event()
    carriers(lambda: (gate.wait(5), None)[1])
    carriers(second.set)
    assert second.wait(5)
    gate.set()
    carriers.drain(5)
