"""Does a button carry what it does, and nothing that this house did not sign?"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hmac import digest

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import TokenError
from core.messages.model import Actions, Button, Field, Form, Message, Paragraph, Press
from core.messages.tokens import LIMIT, Signer, carries, signed

SIGNER = Signer(b"k" * 32)
PRESS = Press("task done", {"task": "T-12", "note": "都好了"})


def changed(token: str, place: int) -> str:
    raw = bytearray(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[place] ^= 1
    return urlsafe_b64encode(raw).decode().rstrip("=")


presses = st.builds(Press, st.text(max_size=20), st.dictionaries(st.text(max_size=20), st.text(max_size=100), max_size=4))


@given(st.integers(0, 2**63 - 1), presses)
def test_a_token_says_what_was_signed(workspace: int, press: Press) -> None:
    assume(carries(press))
    token = SIGNER.sign(workspace, press)
    assert len(token) <= LIMIT
    assert SIGNER.read(token) == (workspace, press, "")


@given(st.text(max_size=2_500))
def test_a_press_is_carried_or_refused_as_was_said(typed: str) -> None:
    press = Press("task add", {"_": typed})
    if carries(press):
        assert len(SIGNER.sign(2**63 - 1, press, "zh-CN")) <= LIMIT
    else:
        with pytest.raises(ValueError, match="too long"):
            SIGNER.sign(2**63 - 1, press, "zh-CN")


@pytest.mark.parametrize("place", [0, 15, 16, 20, -1])
def test_a_changed_token_is_refused(place: int) -> None:
    with pytest.raises(TokenError):
        SIGNER.read(changed(SIGNER.sign(1, PRESS), place))


def test_the_token_of_another_key_is_refused() -> None:
    with pytest.raises(TokenError):
        SIGNER.read(Signer(b"x" * 32).sign(1, PRESS))


@given(st.integers(0, 200))
def test_a_cut_token_is_refused(length: int) -> None:
    token = SIGNER.sign(1, PRESS)
    assume(length < len(token))
    with pytest.raises(TokenError):
        SIGNER.read(token[:length])


@given(st.text(max_size=40) | st.text("abcAB-_=", min_size=2_001, max_size=2_010))
def test_what_is_no_token_is_refused(written: str) -> None:
    with pytest.raises(TokenError):
        SIGNER.read(written)


def test_a_token_says_for_which_workspace_it_was_signed() -> None:
    assert SIGNER.read(SIGNER.sign(7, PRESS))[0] == 7


def test_every_button_and_form_of_a_message_gets_its_token() -> None:
    button = Button("Done", PRESS)
    form = Form("Log", (Field("values", "values"),), Button("Send", Press("kpi log", {})))
    message = signed(Message((Paragraph((("hello",),)), Actions((button,)), form), "hello"), 3, SIGNER)
    _, actions, sent = message.blocks
    assert isinstance(actions, Actions)
    assert isinstance(sent, Form)
    assert SIGNER.read(actions.buttons[0].token) == (3, PRESS, "en")
    assert SIGNER.read(sent.submit.token) == (3, Press("kpi log", {}), "en")


def test_a_token_of_another_version_is_refused() -> None:
    body = b'[3,"task done",{}]'
    with pytest.raises(TokenError):
        SIGNER.read(urlsafe_b64encode(digest(b"k" * 32, body, "sha256")[:16] + body).decode().rstrip("="))
