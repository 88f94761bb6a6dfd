"""Do the words of the command line hold, as scripts rely on them?"""

from __future__ import annotations

import pytest

from core.errors import Unreachable
from handlers.ops import whoami
from tests.command_line import Terminal, numbers, presses

VERBS = ("init", "serve", "say", "press", "submit", "import", "digest", "tick", "backup", "restored", "doctor")


def test_every_verb_is_there_and_explains_itself(empty: Terminal) -> None:
    overview = empty("--help")
    assert all(f"\n  {verb}" in overview.out for verb in VERBS)
    assert all(option in overview.out for option in ("--database", "--now", "--json"))
    for verb in VERBS:
        told = empty(verb, "--help")
        assert (told.code, told.err) == (0, ""), verb
        assert "Usage:" in told.out


# ------------------------------------------------------------------ global options


def test_the_database_is_named_before_the_verb_or_by_the_environment(shop: Terminal) -> None:
    elsewhere = {"MORNINGBELL_DATABASE_URL": f"sqlite:///{shop.folder}/elsewhere.db"}
    assert "elsewhere" not in shop("say", "/ops help").err
    assert shop("say", "/ops help", environment=elsewhere).code == 2
    assert shop("--database", shop.url, "say", "/ops help", environment=elsewhere).code == 0


def test_an_empty_setting_counts_as_none(empty: Terminal) -> None:
    made = empty("init", "Shop", environment={"MORNINGBELL_DATABASE_URL": "", "MORNINGBELL_KEY": ""})
    assert made.code == 0
    assert (empty.folder / ".data" / "morningbell.db").exists()


def test_a_time_without_offset_is_workspace_time(shop: Terminal) -> None:
    local = shop("--now", "2024-06-03T00:30", "say", "/kpi board").out
    assert local == shop("--now", "2024-06-02T16:30+00:00", "say", "/kpi board").out
    assert local == shop("--now", "2024-06-02T16:30Z", "say", "/kpi board").out
    assert "6月2日" in local
    assert "6月2日" in shop("--now", "2024-06-03T00:30Z", "say", "/kpi board").out
    assert "6月3日" in shop("--now", "2024-06-03T16:30Z", "say", "/kpi board").out


def test_a_time_that_is_none_is_wrong_usage(shop: Terminal) -> None:
    refused = shop("--now", "half past nine", "tick")
    assert (refused.code, refused.out) == (2, "")
    assert "2024-06-04T09:00" in refused.err


@pytest.mark.parametrize(
    "verb",
    [
        ("say", "/ops help"),
        ("say", "/nothing"),
        ("say", "/kpi log"),
        ("press", "no token"),
        ("submit", "no-token", "dau=1"),
        ("import", "missing.csv"),
        ("digest",),
        ("digest", "--date", "2030-01-01"),
        ("digest", "--date", "someday"),
        ("tick",),
        ("doctor",),
        ("init", "--demo"),
        ("init",),
        ("say", "/ops help", "--as", "nobody"),
    ],
)
def test_with_json_every_verb_prints_one_object(shop: Terminal, verb: tuple[str, ...]) -> None:
    ended = shop.json(*verb)
    assert set(ended.object) == {"messages", "data"}
    if ended.code in (2, 3) and not ended.messages:
        assert ended.data["error"] == ended.err.strip()


def test_a_line_that_the_shell_got_wrong_goes_to_the_error_stream(shop: Terminal) -> None:
    for wrong in (
        ("--json", "say"),
        ("nothing",),
        ("say", "/ops help", "--nothing"),
        ("say", "/ops help", "--platform", "fax"),
        ("serve", "--port", "-1"),
    ):
        ended = shop(*wrong)
        assert ended.code == 2, wrong
        assert "Error" in ended.err, wrong


# ------------------------------------------------------------------ say, press, submit


def test_a_figure_carries_its_value_unit_and_state_beside_the_words(shop: Terminal) -> None:
    figures = numbers(shop.json("say", "/kpi board").messages)
    assert {"text": "8.5万", "value": "85000", "unit": "count", "state": "final", "tone": "neutral", "type": "number"} in [
        {**figure, "tone": "neutral"} for figure in figures
    ]
    assert all({"text", "value", "unit", "state"} <= figure.keys() for figure in figures)


def test_a_form_is_submitted_with_the_token_of_the_answer(shop: Terminal) -> None:
    asked = shop.json("say", "/kpi log")
    assert asked.code == 3
    token = presses(asked.messages[0])["kpi log"]
    logged = shop("submit", token, "values=page_views=123456", "day=2024-05-29")
    assert logged.code == 0, logged.out
    assert "12.3万" in shop("say", "/kpi show page_views 2024-05-29..2024-05-29").out


def test_a_form_with_a_mistake_comes_back_with_what_was_typed(shop: Terminal) -> None:
    token = presses(shop.json("say", "/kpi log").messages[0])["kpi log"]
    again = shop.json("submit", token, "values=dau=many")
    assert again.code == 3
    [form] = [block for block in again.messages[0]["blocks"] if block["type"] == "form"]
    [values] = [field for field in form["fields"] if field["name"] == "values"]
    assert values["value"] == "dau=many"
    assert values["error"]


def test_a_button_is_pressed_with_the_token_of_the_answer(shop: Terminal) -> None:
    pressed = shop("press", presses(shop.json("say", "/ops help").messages[0])["kpi board"])
    assert pressed.code == 0
    assert "GMV" in pressed.out


def test_a_press_is_checked_like_a_command(shop: Terminal) -> None:
    token = presses(shop.json("say", "/kpi log").messages[0])["kpi log"]
    assert shop("submit", token, "values=dau=1", "--as", "gu").code == 3


@pytest.mark.parametrize("token", ["AAAA", "-AAAA", "--AAAA", "not a token", "晨"])
def test_a_token_that_was_not_made_here_is_refused_kindly(shop: Terminal, token: str) -> None:
    refused = shop("press", token)
    assert (refused.code, refused.err) == (3, "")
    assert "Traceback" not in refused.out


def test_a_token_of_another_workspace_is_refused(shop: Terminal) -> None:
    token = presses(shop.json("say", "/ops help").messages[0])["kpi board"]
    assert shop("init", "Second", "--locale", "en").code == 0
    assert shop("press", token, "--workspace", "Second").code == 3


def test_a_field_without_a_sign_is_wrong_usage(shop: Terminal) -> None:
    refused = shop("submit", "token", "dau")
    assert refused.code == 2
    assert "FIELD=VALUE" in refused.err


def test_an_answer_is_printed_as_text_or_as_html(shop: Terminal) -> None:
    assert "<" not in shop("say", "/ops whoami").out
    page = shop("say", "/ops whoami", "--platform", "html").out
    assert "<dt" in page or "<table" in page or "<div" in page


def test_the_language_of_the_answer_can_be_chosen(shop: Terminal) -> None:
    assert "权限" in shop("say", "/ops whoami").out
    assert "admin" in shop("say", "/ops whoami", "--locale", "en").out
    assert shop("say", "/ops whoami", "--locale", "fr").code == 2


def test_a_channel_is_named_with_or_without_its_sign(shop: Terminal) -> None:
    assert shop("say", "/ops help", "--channel", "#campaign-618").code == 0
    refused = shop("say", "/ops help", "--channel", "nowhere")
    assert (refused.code, refused.out) == (2, "")
    assert "campaign-618" in refused.err


def test_one_acts_as_the_owner_or_as_somebody_by_handle_or_name(shop: Terminal) -> None:
    assert "@shen" in shop("say", "/ops whoami").out
    for who in ("lin", "@lin", "LIN"):
        assert "@lin" in shop("say", "/ops whoami", "--as", who).out, who
    name = shop.json("say", "/ops whoami", "--as", "lin").messages[0]["blocks"][0]["text"][1]
    assert "@lin" in shop("say", "/ops whoami", "--as", name).out
    unknown = shop("say", "/ops whoami", "--as", "nobody")
    assert (unknown.code, unknown.out) == (2, "")
    assert "lin" in unknown.err


# ------------------------------------------------------------------ workspaces


def test_among_several_workspaces_one_must_be_named(shop: Terminal) -> None:
    assert shop("init", "Second", "--locale", "en").code == 0
    for verb in (("say", "/ops help"), ("digest",), ("press", "x"), ("submit", "x"), ("import", __file__)):
        refused = shop(*verb)
        assert refused.code == 2, verb
        assert "--workspace" in refused.err
        assert shop(*verb, "--workspace", "Third").code == 2
    assert "Second" in shop("say", "/ops whoami", "--workspace", "Second").out
    assert "Second" in shop("say", "/ops whoami", "--workspace", "2").out


def test_without_a_workspace_one_is_told_how_to_make_it(empty: Terminal) -> None:
    refused = empty("say", "/ops help")
    assert refused.code == 2
    assert "morningbell init" in refused.err


def test_a_new_workspace_has_an_admin_for_owner_and_its_own_settings(empty: Terminal) -> None:
    options = ("--locale", "en", "--timezone", "europe/london", "--currency", "gbp", "--calendar", "UK")
    made = empty.json("init", "Tea shop", *options)
    assert (made.code, made.data) == (0, {"workspace": 1})
    assert "admin" in empty("say", "/ops whoami").out
    settings = empty("say", "/ops settings").out
    assert all(value in settings for value in ("Tea shop", "Europe/London", "GBP", "GB"))


def test_a_name_that_is_taken_is_a_mistake_and_nothing_is_made(empty: Terminal) -> None:
    assert empty("init", "Tea shop").code == 0
    again = empty("init", "Tea shop")
    assert again.code == 3
    assert "Tea shop" in again.err
    assert empty("say", "/ops help").code == 0, "there is still one workspace alone"


@pytest.mark.parametrize(("option", "value"), [("--timezone", "Asia/Nowhere"), ("--currency", "SHELLS"), ("--calendar", "ZZ"), ("--locale", "fr")])
def test_an_option_that_is_none_is_wrong_usage(empty: Terminal, option: str, value: str) -> None:
    refused = empty("init", "Tea shop", option, value)
    assert refused.code == 2
    assert value in refused.err
    assert "no workspace" in empty("say", "/ops help").err, "nothing was made"


def test_init_without_anything_to_make_is_wrong_usage(empty: Terminal) -> None:
    assert empty("init").code == 2
    assert not empty.database.exists()


def test_the_demo_is_loaded_once(shop: Terminal) -> None:
    again = shop("init", "--demo")
    assert again.code == 0
    assert "already" in again.out
    assert shop("init", "--demo", "--locale", "en").code == 0
    assert shop("say", "/ops help").code == 0, "there is still one workspace alone"


# ------------------------------------------------------------------ exit codes


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/kpi bord", "an unknown word"),
        ("/task done", "something missing"),
        ("/kpi show unheard", "an unknown metric"),
        ("/kpi log dau=85千克", "a value with the wrong unit"),
        ("zzzzqqq", "no command at all"),
    ],
)
def test_a_persons_mistake_is_3_and_told_as_the_answer(shop: Terminal, line: str, why: str) -> None:
    ended = shop("say", line)
    assert (ended.code, ended.err) == (3, ""), why
    assert ended.out.strip(), why


def test_a_refusal_is_3_and_names_who_may(shop: Terminal) -> None:
    refused = shop("say", "/kpi log dau=85k", "--as", "gu")
    assert refused.code == 3
    assert "权限" in refused.out


def test_a_fault_in_a_command_is_1_with_a_number_and_no_trace(shop: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the roof is gone")

    monkeypatch.setattr(whoami, "phrase", broken)
    ended = shop("say", "/ops whoami")
    assert ended.code == 1
    assert "Traceback" not in ended.out
    [number] = [word.partition("=")[2] for word in ended.err.split() if word.startswith("incident=")]
    assert number in ended.out
    assert "the roof is gone" in ended.err


def test_a_fault_outside_a_command_is_1_with_a_number_and_no_trace(shop: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the roof is gone")

    monkeypatch.setattr("bot.cli.digest.digest_message", broken)
    ended = shop.json("digest")
    assert (ended.code, ended.messages) == (1, [])
    [number] = [word.partition("=")[2] for word in ended.err.split() if word.startswith("incident=")]
    assert number in ended.data["error"]


def test_a_database_that_does_not_answer_is_a_fault(shop: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise Unreachable("The database x cannot be opened: gone")

    monkeypatch.setattr("bot.house.reach", gone)
    ended = shop("say", "/ops help")
    assert (ended.code, ended.out, ended.err) == (1, "", "The database x cannot be opened: gone\n")


def test_the_program_itself_ends_with_these_codes(shop: Terminal) -> None:
    done = shop.truly("say", "/ops help")
    assert (done.code, done.err) == (0, "")
    mistake = shop.truly("--json", "say", "/nothing")
    assert mistake.code == 3
    assert mistake.messages
    assert shop.truly("say", "/ops help", "--as", "nobody").code == 2
