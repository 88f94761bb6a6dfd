"""Does the playground let in whom it should, show what it should, and do each act once? Over real HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import httpx
import pytest

from bot.platforms.web.app import WebApp
from bot.platforms.web.platform import WebPlatform
from bot.platforms.web.settings import WebSettings
from core.clock import FixedClock
from core.domain.workspaces import Member, Permission
from core.errors import ConfigurationError
from core.ports import Address, InvocationKind
from core.storage.unit_of_work import Database
from tests.playground import FakeHouse, Shop, open_shop, picture, playground, said, serving


class Browser:
    """A client that sends what a browser sends, on one channel's page."""

    def __init__(self, url: str, shop: Shop) -> None:
        self.url, self.shop = url, shop
        self.http = httpx.Client(base_url=url, headers={"Origin": url}, timeout=10)
        self.page = f"/w/{shop.workspace.id}/c/{shop.ops.id}/"

    def get(self, path: str = "") -> httpx.Response:
        return self.http.get(self.page + path)

    def post(self, path: str, **data: str) -> httpx.Response:
        return self.http.post(self.page + path, data=data)

    def speak_as(self, member: int) -> httpx.Response:
        return self.http.post(f"/w/{self.shop.workspace.id}/speak-as", data={"member": str(member), "back": self.page})

    def events(self, count: int, after: str = "0.0") -> list[dict[str, str]]:
        """The first messages of the stream."""
        with self.http.stream("GET", f"{self.page}events", headers={"Last-Event-ID": after}) as stream:
            return list(islice((event for event in read_events(stream) if event.get("event") == "message"), count))


def read_events(stream: httpx.Response) -> Iterator[dict[str, str]]:
    event: dict[str, str] = {}
    for line in stream.iter_lines():
        name, _, value = line.partition(": ")
        if line:
            event[name] = event.get(name, "") + value
        else:
            yield event
            event = {}


@pytest.fixture
def shop(embedded: Database) -> Shop:
    return open_shop(embedded)


@pytest.fixture
def running(embedded: Database, shop: Shop) -> Iterator[tuple[Browser, FakeHouse, WebApp]]:
    app, house = playground(embedded)
    with serving(app) as url:
        browser = Browser(url, shop)
        yield browser, house, app
        browser.http.close()


@pytest.fixture
def browser(running: tuple[Browser, FakeHouse, WebApp]) -> Browser:
    return running[0]


@pytest.fixture
def house(running: tuple[Browser, FakeHouse, WebApp]) -> FakeHouse:
    return running[1]


@pytest.fixture
def platform(running: tuple[Browser, FakeHouse, WebApp]) -> WebPlatform:
    return running[2].platform


# ------------------------------------------------------------------ the guard


def test_the_page_stands_under_its_own_name_alone(browser: Browser) -> None:
    assert browser.get().status_code == 200
    assert browser.http.get(browser.page, headers={"Host": "evil.example"}).status_code == 421
    assert browser.http.get(browser.page, headers={"Host": "evil.example:8080"}).status_code == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", ""])
def test_a_post_from_elsewhere_does_nothing(browser: Browser, house: FakeHouse, origin: str) -> None:
    answer = browser.http.post(browser.page + "say", data={"text": "/kpi board"}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert house.asked == []


def test_pages_forbid_foreign_scripts_and_frames(browser: Browser) -> None:
    page = browser.get()
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in page.text
    assert " style=" not in page.text


@pytest.mark.parametrize("settings", [{"host": "0.0.0.0"}, {"host": "::"}, {"hosts": ("shop.example",)}])
def test_it_does_not_open_to_a_network_without_a_token(settings: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        WebSettings(**settings)  # type: ignore[arg-type]  # each of them is one field's
    assert WebSettings(**settings, token="t").token == "t"  # type: ignore[arg-type]


def test_with_a_token_one_enters_once_by_the_address(embedded: Database, shop: Shop) -> None:
    app, _ = playground(embedded, WebSettings(token="open sesame", poll_seconds=0.2))
    with serving(app) as url:
        browser = Browser(url, shop)
        assert browser.get().status_code == 401
        assert browser.get("?token=wrong").status_code == 401
        assert browser.get("events").status_code == 401
        entered = browser.get("?token=open%20sesame")
        assert "open sesame" not in entered.text
        assert browser.page in entered.text
        cookie = entered.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert browser.get().status_code == 200
        browser.http.close()


def test_a_door_that_is_given_a_foreign_path_stays_here(embedded: Database, shop: Shop) -> None:
    app, _ = playground(embedded, WebSettings(token="t"))
    with serving(app) as url, httpx.Client() as http:
        entered = http.get(f"{url}//evil.example/?token=t")
        assert 'content="0;url=/evil.example/"' in entered.text


def test_a_file_over_the_limit_is_refused_in_words(embedded: Database, shop: Shop) -> None:
    app, house = playground(embedded, WebSettings(upload_limit=1000))
    content = b"x" * 1_100_000
    with serving(app) as url:
        browser = Browser(url, shop)
        answer = browser.http.post(browser.page + "upload", files={"file": ("a.csv", content)})
        pieces = iter([b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n', content])
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        unannounced = browser.http.post(browser.page + "upload", content=pieces, headers=kind)
        browser.http.close()
    assert answer.status_code == 413
    assert "too large" in answer.text
    assert unannounced.status_code == 413
    assert house.asked == []


# ------------------------------------------------------------------ saying and pressing


def test_a_command_and_its_answer_are_for_the_actor_alone(browser: Browser, house: FakeHouse, shop: Shop) -> None:
    assert browser.post("say", text="/kpi board", key="k1").status_code == 204
    (asked,) = house.asked
    assert (asked.platform, asked.tenant, asked.actor) == ("web", str(shop.workspace.id), str(shop.owner.id))
    assert (asked.conversation, asked.kind, asked.payload) == ("ops", InvocationKind.COMMAND, "/kpi board")
    assert "/kpi board" in browser.get().text.partition('id="log"')[2].partition('class="empty"')[0]
    browser.speak_as(shop.other.id)
    assert "data-line" not in browser.get().text


def test_the_same_line_sent_again_stands_once(browser: Browser) -> None:
    for _ in range(2):
        browser.post("say", text="/kpi board", key="k1")
    page = browser.get().text
    assert page.count("data-line") == 1
    assert page.count('data-card="kpi.board"') == 1


def test_another_person_cannot_use_ones_key(browser: Browser, house: FakeHouse, shop: Shop) -> None:
    browser.post("press", token="done", key="k1")
    browser.speak_as(shop.other.id)
    browser.post("press", token="done", key="k1")
    assert len({asked.request_key for asked in house.asked}) == 2


def test_talk_between_people_does_not_reach_the_bot(browser: Browser, house: FakeHouse, shop: Shop) -> None:
    browser.post("say", text="<b>早</b>")
    browser.speak_as(shop.other.id)
    assert "&lt;b&gt;早&lt;/b&gt;" in browser.get().text
    assert house.asked == []


def test_what_is_said_to_the_bot_by_name_reaches_it(browser: Browser, house: FakeHouse) -> None:
    browser.post("say", text="@晨钟 指标 看板")
    browser.post("say", text="@morningbell kpi board")
    assert [asked.payload for asked in house.asked] == ["指标 看板", "kpi board"]


def test_everything_in_a_direct_conversation_reaches_the_bot(browser: Browser, house: FakeHouse, embedded: Database, shop: Shop) -> None:
    browser.get()
    with embedded.read() as uow:
        direct = uow.places.direct("web", shop.owner.id)
    assert direct is not None
    browser.http.post(f"/w/{shop.workspace.id}/c/{direct.id}/say", data={"text": "指标 看板"})
    assert house.asked[0].payload == "指标 看板"
    browser.speak_as(shop.other.id)
    assert browser.http.get(f"/w/{shop.workspace.id}/c/{direct.id}/").status_code == 404


def test_a_line_that_is_too_long_is_refused_in_words(browser: Browser, house: FakeHouse) -> None:
    answer = browser.post("say", text="/kpi " + "长" * 4_000)
    assert answer.status_code == 422
    assert "4000" in answer.text
    assert house.asked == []


def test_a_mistake_is_told_in_the_language_of_the_page_not_of_the_browser(browser: Browser) -> None:
    browser.http.headers["accept-language"] = "en-US"
    assert browser.post("say", text="长" * 4_001).text.startswith("这一条太长了")


def test_a_caret_at_the_beginning_is_not_one_at_the_end(browser: Browser) -> None:
    assert "/kpi board" in browser.get("complete?text=/k").text
    assert "/kpi board" not in browser.get("complete?text=/k&caret=0").text


def test_a_wrong_form_takes_its_own_place_and_the_result_too(browser: Browser, embedded: Database, shop: Shop) -> None:
    browser.post("say", text="/kpi log")
    with embedded.read() as uow:
        form = uow.chat.before(shop.ops.id, shop.owner.id, 1)[0]
    fields = {"token": "log", "message": str(form.id), "field.dau": "8.5w", "field.note": "双倍积分"}
    browser.post("submit", key="a", **fields)
    page = browser.get().text
    assert "我没看懂「8.5w」" in page
    assert 'value="8.5w"' in page
    assert "双倍积分" in page
    browser.post("submit", key="b", **{**fields, "field.dau": "8.5万"})
    page = browser.get().text
    assert "记下了：DAU 8.5万" in page
    assert "<form" not in page.partition('id="log"')[2].partition("</section>")[0]


def test_a_working_note_stands_under_its_own_key(browser: Browser, house: FakeHouse, platform: WebPlatform, embedded: Database, shop: Shop) -> None:
    browser.post("say", text="/kpi log")
    with embedded.read() as uow:
        form = uow.chat.before(shop.ops.id, shop.owner.id, 1)[0]
    house.slow = True
    browser.post("submit", key="a", token="log", message=str(form.id))
    assert platform.find(shop.address(), f"answer:web/{shop.workspace.id}/{shop.owner.id}:a") is not None
    page = browser.get().text
    assert "在做了" in page
    assert "已提交。" in page


def test_whoever_visits_is_known_to_the_house(browser: Browser, embedded: Database, shop: Shop) -> None:
    browser.speak_as(shop.other.id)
    with embedded.read() as uow:
        known = uow.members.by_account(shop.binding, str(shop.other.id))
    assert known == shop.other


def test_the_choices_of_a_field_travel_together(browser: Browser, house: FakeHouse) -> None:
    browser.http.post(browser.page + "submit", data={"token": "log", "field.who": ["lin", "zhou"]})
    assert house.asked[0].fields == {"who": "lin,zhou"}


# ------------------------------------------------------------------ files


def test_a_dropped_file_is_shared_and_handed_over_once(browser: Browser, house: FakeHouse, platform: WebPlatform) -> None:
    for _ in range(2):
        browser.http.post(browser.page + "upload", data={"key": "k"}, files={"file": ("C:\\data\\订单.csv", b"a,b", "text/csv")})
    (asked,) = house.asked
    assert asked.kind is InvocationKind.FILE
    assert asked.fields == {"name": "订单.csv"}
    assert platform.download(0, asked.payload) == b"a,b"
    assert browser.get().text.count('class="file"') == 1


def test_only_pictures_are_shown_and_everything_else_is_kept(browser: Browser, platform: WebPlatform, shop: Shop) -> None:
    page = platform.upload(shop.address(), "evil.html", "text/html", b"<script>alert(1)</script>")
    image = platform.upload(shop.address(), "a.png", "image/png", picture())
    kept, shown = (browser.http.get(f"/w/{shop.workspace.id}/files/{ref}") for ref in (page, image))
    assert kept.headers["content-disposition"].startswith("attachment")
    assert kept.headers["content-type"] == "application/octet-stream"
    assert shown.headers["content-disposition"].startswith("inline")
    for answer in (kept, shown):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]


def test_a_private_file_is_for_one_person_of_one_workspace(browser: Browser, platform: WebPlatform, embedded: Database, shop: Shop) -> None:
    private = platform.upload(shop.address(shop.owner.id), "a.png", "image/png", picture())
    other = open_shop(embedded, name="Other")
    assert browser.http.get(f"/w/{shop.workspace.id}/files/{private}").status_code == 200
    assert browser.http.get(f"/w/{other.workspace.id}/files/{private}").status_code == 404
    browser.speak_as(shop.other.id)
    assert browser.http.get(f"/w/{shop.workspace.id}/files/{private}").status_code == 404


# ------------------------------------------------------------------ the demo's clock and speakers


def test_stepping_the_clock_moves_the_business_time(browser: Browser, embedded: Database, shop: Shop) -> None:
    for to, expected in (("next", "06-04T09:00"), ("next", "06-05T09:00"), ("day", "06-06T09:00"), ("2024-06-10", "06-10T09:00")):
        assert browser.http.post(f"/w/{shop.workspace.id}/clock", data={"to": to}).status_code == 204
        with embedded.read() as uow:
            frozen = uow.workspaces.get(shop.workspace.id).frozen_at
        assert frozen is not None
        assert expected in frozen.astimezone(shop.workspace.zone).isoformat()


def test_a_step_that_brings_nothing_says_which_day_it_is_now(browser: Browser, house: FakeHouse, shop: Shop) -> None:
    house.silent = True
    answer = browser.http.post(f"/w/{shop.workspace.id}/clock", data={"to": "2024-06-08"})
    assert answer.status_code == 200
    assert "周六 6月8日 09:00" in answer.text


@pytest.mark.parametrize("to", ["2024-06-03", "2024-06-04x", "", "2031-01-01"])
def test_the_clock_goes_only_forward_and_not_too_far(browser: Browser, shop: Shop, embedded: Database, to: str) -> None:
    answer = browser.http.post(f"/w/{shop.workspace.id}/clock", data={"to": to})
    assert answer.status_code == 422
    assert answer.text
    with embedded.read() as uow:
        assert uow.workspaces.get(shop.workspace.id).frozen_at == shop.workspace.frozen_at


def test_a_real_workspace_has_no_speakers_and_no_clock(embedded: Database) -> None:
    shop = open_shop(embedded, demo=False)
    app, house = playground(embedded)
    with serving(app) as url:
        browser = Browser(url, shop)
        assert browser.speak_as(shop.other.id).status_code == 404
        assert browser.http.post(f"/w/{shop.workspace.id}/clock", data={"to": "next"}).status_code == 404
        browser.http.cookies.set(f"morningbell_as_{shop.workspace.id}", str(shop.other.id))
        browser.post("say", text="/kpi board")
        assert house.asked[0].actor == str(shop.owner.id)
        page = browser.get().text
        assert 'class="speaker"' not in page
        assert 'class="clock"' not in page
        assert 'class="made-up"' not in page
        browser.http.close()


def test_a_speaker_of_another_workspace_is_not_taken(browser: Browser, embedded: Database, house: FakeHouse, shop: Shop) -> None:
    stranger = open_shop(embedded, name="Other").owner
    assert browser.speak_as(stranger.id).status_code == 404
    browser.http.cookies.set(f"morningbell_as_{shop.workspace.id}", str(stranger.id))
    browser.post("say", text="/kpi board")
    assert house.asked[0].actor == str(shop.owner.id)


def test_the_chosen_language_is_the_answers_too(browser: Browser, embedded: Database, shop: Shop) -> None:
    browser.http.post(f"/w/{shop.workspace.id}/language", data={"language": "en", "back": browser.page})
    assert "Speak as" in browser.get().text
    browser.speak_as(shop.other.id)
    with embedded.read() as uow:
        assert {member.locale for member in uow.members.all(shop.workspace.id)} == {"en"}


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "/w/\\..\\"])
def test_one_returns_only_to_a_page_of_ours(browser: Browser, back: str) -> None:
    assert browser.http.post("/theme", data={"theme": "dark", "back": back}).headers["location"] == "/"


def test_several_workspaces_are_a_choice(browser: Browser, embedded: Database) -> None:
    assert browser.http.get("/").status_code == 303
    open_shop(embedded, name="Other")
    page = browser.http.get("/").text
    assert "半山茶铺" in page
    assert "Other" in page


def test_from_a_chat_one_gets_to_the_choice_where_there_is_one(browser: Browser, embedded: Database) -> None:
    assert '<a href="/"' not in browser.get().text
    open_shop(embedded, name="Other")
    assert '<a href="/" title="工作区">半山茶铺</a>' in browser.get().text


def test_what_is_not_there_is_told_in_the_viewers_language_with_a_way_back(browser: Browser, shop: Shop) -> None:
    page = browser.http.get(f"/w/{shop.workspace.id}/c/999/", headers={"Accept-Language": "en"})
    assert "这里没有内容" in page.text
    nowhere = browser.http.get("/nowhere", headers={"Accept-Language": "en"})
    assert nowhere.status_code == 404
    assert "Nothing to see here" in nowhere.text
    assert '<a href="/">Back to the playground</a>' in nowhere.text


def test_speakers_who_may_do_more_come_first(browser: Browser, embedded: Database, shop: Shop) -> None:
    with embedded.write() as uow:
        uow.members.add(shop.workspace.id, Member(0, "阿白", Permission.VIEWER, "实习", "bai"))
        uow.members.add(shop.workspace.id, Member(0, "阿陈", Permission.LEAD, "主管", "chen"))
        uow.commit()
    assert re.findall(r"<option value=.*>(.+) · ", browser.get().text) == ["林晓", "阿陈", "周航", "阿白"]


def test_what_is_not_there_says_so(browser: Browser, shop: Shop) -> None:
    for path in ("/w/999/", f"/w/{10**30}/", "/w/999/c/1/", f"/w/{shop.workspace.id}/c/999/", f"/w/{shop.workspace.id}/files/x"):
        assert browser.http.get(path).status_code == 404


# ------------------------------------------------------------------ the stream


def test_the_stream_goes_on_where_it_was_cut(browser: Browser, platform: WebPlatform, shop: Shop) -> None:
    for number in range(3):
        platform.send(shop.address(), platform.render(said(f"m{number}"), {}), f"k{number}")
    first, second = browser.events(2)
    assert "m0" in first["data"]
    (third,) = browser.events(1, after=second["id"])
    assert "m2" in third["data"]


def test_an_edit_arrives_as_the_same_message(browser: Browser, platform: WebPlatform, shop: Shop) -> None:
    receipt = platform.send(shop.address(), platform.render(said("before"), {}), "k")
    (first,) = browser.events(1)
    platform.edit(shop.address(), receipt, platform.render(said("after"), {}))
    (changed,) = browser.events(1, after=first["id"])
    assert "after" in changed["data"]
    assert f'id="m{receipt.message_id}"' in changed["data"]


def test_a_private_message_is_on_no_other_stream(browser: Browser, platform: WebPlatform, shop: Shop) -> None:
    platform.send(shop.address(shop.other.id), platform.render(said("private"), {}), "a")
    platform.send(shop.address(), platform.render(said("public"), {}), "b")
    (only,) = browser.events(1)
    assert "public" in only["data"]


def test_what_another_process_posts_is_found(browser: Browser, embedded: Database, shop: Shop, clock: FixedClock) -> None:
    other_process = WebPlatform(embedded, clock)
    with browser.http.stream("GET", f"{browser.page}events?after=0.0") as stream:
        events = read_events(stream)
        assert next(event for event in events if event.get("event") == "around")
        other_process.send(shop.address(), other_process.render(said("from afar"), {}), "k")
        assert "from afar" in next(event for event in events if event.get("event") == "message")["data"]


def test_the_stream_tells_the_clock_and_what_is_unread(browser: Browser, platform: WebPlatform, shop: Shop) -> None:
    elsewhere = Address(shop.binding, shop.campaign.external_id)
    receipt = platform.send(elsewhere, platform.render(said("news"), {}), "k")
    with browser.http.stream("GET", f"{browser.page}events?after=0.0") as stream:
        around = json.loads(next(event for event in read_events(stream) if event.get("event") == "around")["data"])
    assert around["newest"] == {str(shop.campaign.id): int(receipt.message_id)}
    assert around["clock"]["time"] == "08:55"


def test_the_server_stops_although_a_page_is_open(embedded: Database, shop: Shop) -> None:
    app, _ = playground(embedded, replace(WebSettings(), poll_seconds=30.0))
    with httpx.Client(timeout=20) as http, serving(app) as url:
        stream = http.send(http.build_request("GET", f"{url}/w/{shop.workspace.id}/c/{shop.ops.id}/events"), stream=True)
        assert next(stream.iter_lines()).startswith("retry")
    stream.close()


def test_static_files_are_kept_for_a_year(browser: Browser) -> None:
    address = browser.get().text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    style = browser.http.get(address)
    assert "immutable" in style.headers["cache-control"]
    assert browser.http.get(Path(address).parent.joinpath("missing.css").as_posix()).status_code == 404
