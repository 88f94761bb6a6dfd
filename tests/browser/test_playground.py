"""Does the playground work as people use it: by keyboard, live, on a phone, in either language, light and dark?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Response, Route, expect

from core.ports import Address, InvocationKind
from tests.browser.conftest import Room
from tests.playground import board, log_form, said

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 720}, "has_touch": True, "is_mobile": True}


def post(room: Room, words: str, key: str, visible_to: int | None = None) -> None:
    room.platform.send(room.shop.address(visible_to), room.platform.render(said(words), {}), key)


def say(page: Page, words: str) -> None:
    # A new page has its composer before it has its script.
    page.wait_for_load_state("load")
    page.locator("#say").fill(words)
    page.keyboard.press("Enter")


def settled(page: Page) -> int:
    """Where the talk stands once it has stood still for some frames."""
    there: int = page.locator("#scroller").evaluate("""scroller => new Promise((then) => {
        let still = 0, before = scroller.scrollTop;
        const look = () => {
            still = scroller.scrollTop === before ? still + 1 : 0;
            before = scroller.scrollTop;
            if (still < 5) requestAnimationFrame(look);
            else then(before);
        };
        look();
    })""")
    return there


# ------------------------------------------------------------------ the composer


def test_a_command_is_written_with_the_keyboard_alone(room: Room) -> None:
    page, composer = room.page, room.page.locator("#say")
    expect(composer).to_be_focused()
    page.keyboard.type("/kpi")
    ways = page.locator("#ways [role=option]")
    expect(ways).to_have_count(3)
    expect(composer).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(ways.nth(1)).to_have_attribute("aria-selected", "true")
    expect(composer).to_have_attribute("aria-activedescendant", "way-2")
    page.keyboard.press("Enter")
    expect(composer).to_have_value("/kpi log ")
    expect(ways).to_have_count(2)
    page.keyboard.type("d")
    expect(ways).to_have_count(1)
    page.keyboard.press("Tab")
    expect(composer).to_have_value("/kpi log dau=")
    page.keyboard.type("8.5w")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="记录指标")).to_be_visible()
    assert room.house.asked[0].payload == "/kpi log dau=8.5w"
    expect(composer).to_have_value("")


@pytest.mark.parametrize("room", [PHONE], indirect=True)
def test_a_long_list_of_completions_follows_the_keys_and_stays_readable(room: Room) -> None:
    room.house.more = tuple(
        (f"/kpi x{number} ", f"/kpi x{number} [日期] [粒度] [渠道]", "这一条命令做的事，用一整句话来说明") for number in range(20)
    )
    room.page.keyboard.type("/kpi")
    ways = room.page.locator("#ways [role=option]")
    expect(ways).to_have_count(23)
    room.page.keyboard.press("ArrowUp")
    expect(ways.last).to_be_in_viewport(ratio=1)
    assert ways.last.evaluate("option => option.offsetTop >= option.parentElement.scrollTop")
    room.page.keyboard.press("ArrowDown")
    expect(ways.first).to_be_in_viewport(ratio=1)
    cut = "part => part.scrollWidth > part.clientWidth"
    assert not any(part.evaluate(cut) for part in ways.last.locator("span").all())


def test_a_completion_leaves_what_stands_before_it(room: Room) -> None:
    room.page.locator("#say").fill("/kpi log 🎉🎉 d")
    expect(room.page.locator("#ways [role=option]")).to_have_count(1)
    room.page.keyboard.press("Tab")
    expect(room.page.locator("#say")).to_have_value("/kpi log 🎉🎉 dau=")


def test_enter_of_an_input_method_sends_nothing(room: Room) -> None:
    room.page.locator("#say").fill("zhibiao")
    # Safari ends the composition before it tells of the key.
    room.page.evaluate("document.querySelector('#say').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, cancelable: true}))")
    expect(room.page.locator("#say")).to_have_value("zhibiao")
    say(room.page, "/kpi board")
    expect(room.page.locator(".mine [data-line]")).to_have_text(["/kpi board"])


def test_escape_closes_the_suggestions_and_keeps_the_words(room: Room) -> None:
    room.page.keyboard.type("/kpi")
    expect(room.page.locator("#ways [role=option]")).to_have_count(3)
    room.page.keyboard.press("Escape")
    expect(room.page.locator("#ways")).to_be_hidden()
    expect(room.page.locator("#say")).to_have_value("/kpi")


def test_shift_enter_starts_a_line_and_up_brings_lines_back(room: Room) -> None:
    page, composer = room.page, room.page.locator("#say")
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(composer).to_have_value("one\ntwo")
    page.keyboard.press("Enter")
    expect(page.locator("[data-line]")).to_have_count(1)
    say(page, "three")
    expect(page.locator("[data-line]")).to_have_count(2)
    page.keyboard.press("ArrowUp")
    expect(composer).to_have_value("three")
    page.keyboard.press("ArrowUp")
    expect(composer).to_have_value("one\ntwo")


def test_what_did_not_get_through_is_still_there(room: Room) -> None:
    page = room.page
    page.route("**/say", lambda route: route.abort())
    say(page, "/kpi board")
    expect(page.locator("#notice")).to_contain_text("还在")
    expect(page.locator("#say")).to_have_value("/kpi board")
    page.unroute("**/say")
    page.locator("#say").press("Enter")
    expect(page.locator(".bot .card")).to_have_count(1)
    expect(page.locator("#notice")).to_be_hidden()


def test_a_draft_survives_a_reload(room: Room) -> None:
    room.page.keyboard.type("half a tho")
    room.page.reload()
    expect(room.page.locator("#say")).to_have_value("half a tho")


def test_a_file_is_chosen_and_handed_over(room: Room) -> None:
    room.page.locator("#attach").set_input_files({"name": "订单.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"})
    expect(room.page.locator("a.file")).to_contain_text("订单.csv")
    expect(room.page.locator(".bot .card")).to_be_visible()
    assert room.house.asked[0].kind is InvocationKind.FILE


# ------------------------------------------------------------------ live


def test_messages_arrive_and_change_without_a_reload(room: Room) -> None:
    page = room.page
    post(room, "早安", "a")
    expect(page.locator(".card")).to_have_text("早安")
    receipt = room.platform.find(room.shop.address(), "a")
    assert receipt is not None
    room.platform.edit(room.shop.address(), receipt, room.platform.render(said("午安"), {}))
    expect(page.locator(".card")).to_have_text("午安")


def test_after_a_cut_nothing_is_lost_or_doubled(room: Room) -> None:
    page = room.page
    post(room, "first", "a")
    expect(page.locator(".card")).to_have_count(1)
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    post(room, "second", "b")
    page.context.set_offline(False)
    post(room, "third", "c")
    expect(page.locator(".card")).to_have_text(["first", "second", "third"])


def test_a_page_without_its_stream_says_so_until_it_has_it_again(room: Room) -> None:
    room.page.route("**/events*", lambda route: route.abort())
    room.page.reload()
    expect(room.page.locator("#notice")).to_have_text("连接断开，正在重连…")
    room.page.unroute("**/events*")
    expect(room.page.locator("#notice")).to_be_hidden()


def test_a_private_message_says_that_it_is_private(room: Room) -> None:
    post(room, "for lin", "a", room.shop.owner.id)
    post(room, "for zhou", "b", room.shop.other.id)
    post(room, "for all", "c")
    expect(room.page.locator(".card")).to_have_text(["for lin", "for all"])
    expect(room.page.get_by_text("只有你能看到")).to_have_count(1)


def test_another_channel_shows_that_it_has_news(room: Room) -> None:
    dot = room.page.locator("nav a", has_text="campaign-618").locator(".dot")
    expect(dot).to_be_hidden()
    elsewhere = Address(room.shop.binding, room.shop.campaign.external_id)
    room.platform.send(elsewhere, room.platform.render(said("news"), {}), "a")
    expect(dot).to_be_visible()
    room.page.locator("nav a", has_text="campaign-618").click()
    expect(room.page.locator(".card")).to_have_text("news")
    room.page.locator("nav a", has_text="ops").click()
    expect(room.page.get_by_role("heading", name="#ops")).to_be_visible()
    expect(dot).to_be_hidden()


# ------------------------------------------------------------------ cards


def test_a_double_click_presses_once(room: Room) -> None:
    room.platform.send(room.shop.address(), room.platform.render(board(), {}), "a")
    room.page.get_by_role("button", name="看 DAU").dblclick()
    expect(room.page.locator(".card")).to_have_count(2)
    assert len({asked.request_key for asked in room.house.asked}) == 1
    room.page.get_by_role("button", name="看 DAU").click()
    expect(room.page.locator(".card")).to_have_count(3)


def test_a_dangerous_button_asks_first(room: Room) -> None:
    room.platform.send(room.shop.address(), room.platform.render(board(), {}), "a")
    room.page.get_by_role("button", name="删除目标").click()
    expect(room.page.locator("#ask")).to_contain_text("删除 DAU 的目标")
    room.page.get_by_role("button", name="取消").click()
    expect(room.page.locator("#ask")).to_be_hidden()
    assert room.house.asked == []
    room.page.get_by_role("button", name="删除目标").click()
    room.page.get_by_role("button", name="确定").click()
    expect(room.page.locator(".card")).to_have_count(2)
    assert [asked.payload for asked in room.house.asked] == ["drop"]


def test_a_form_with_an_error_keeps_what_was_typed(room: Room) -> None:
    page = room.page
    room.platform.send(room.shop.address(room.shop.owner.id), room.platform.render(log_form(), {}), "a")
    page.get_by_label("DAU").fill("8.5w")
    page.get_by_label("备注").fill("双倍积分日")
    page.get_by_role("button", name="记录").click()
    expect(page.get_by_text("我没看懂「8.5w」")).to_be_visible()
    expect(page.locator("[aria-invalid]")).to_be_focused()
    expect(page.locator("[aria-invalid]")).to_have_value("8.5w")
    expect(page.get_by_label("备注")).to_have_value("双倍积分日")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("8.5万")
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_have_text("记下了：DAU 8.5万")


@pytest.mark.parametrize("room", [{"viewport": {"width": 900, "height": 500}}], indirect=True)
def test_a_long_card_is_shown_from_its_first_line(room: Room) -> None:
    say(room.page, "/kpi board")
    expect(room.page.locator(".bot .heading")).to_be_in_viewport()
    expect(room.page.locator(".picture img")).to_have_js_property("complete", True)
    expect(room.page.locator(".bot .heading")).to_be_in_viewport()


def test_a_reload_lands_at_the_newest_message_however_late_pictures_come(room: Room) -> None:
    page = room.page
    for number in range(3):
        say(page, "/kpi board")
        expect(page.locator(".bot .card")).to_have_count(number + 1)
    post(room, "the newest", "newest")
    waiting: list[Route] = []
    page.route("**/files/*", lambda route: waiting.append(route))
    page.reload()
    expect(page.get_by_text("the newest")).to_be_in_viewport()
    page.route("**/files/*", lambda route: route.continue_())
    for route in waiting:
        route.continue_()
    expect(page.locator(".picture img").last).to_have_js_property("naturalWidth", 108)
    expect(page.get_by_text("the newest")).to_be_in_viewport()


def test_whoever_has_scrolled_up_is_not_moved_by_a_late_picture(room: Room) -> None:
    for number in range(30):
        post(room, f"old {number}", f"{number}")
    expect(room.page.locator(".card")).to_have_count(30)
    room.page.locator("#scroller").hover()
    room.page.mouse.wheel(0, -600)
    expect(room.page.get_by_text("old 29")).not_to_be_in_viewport()
    there = settled(room.page)
    room.page.locator(".card").last.evaluate("card => { card.style.paddingBottom = '300px'; }")
    assert settled(room.page) == there


def test_whoever_is_at_the_end_stays_there_however_the_talk_grows(room: Room) -> None:
    for number in range(30):
        post(room, f"old {number}", f"{number}")
    expect(room.page.locator(".card")).to_have_count(30)
    # What grows above what is in sight is answered by the browser: asked what stands at a point, it scrolls before the page has seen the growth.
    room.page.locator("#scroller").evaluate("""scroller => {
        const cards = [...scroller.querySelectorAll(".card")];
        for (const card of [cards[0], ...cards.slice(-2)]) card.style.paddingBottom = "200px";
        document.elementFromPoint(500, 500);
    }""")
    settled(room.page)
    expect(room.page.get_by_text("old 29")).to_be_in_viewport()


def test_a_picture_has_its_room_before_it_comes(room: Room) -> None:
    page = room.page
    page.route("**/files/*", lambda _route: None)
    say(page, "/kpi board")
    width, height = page.locator(".picture img").evaluate("picture => [picture.offsetWidth, picture.offsetHeight]")
    assert height == pytest.approx(width * 84 / 108, abs=1)


def test_a_picture_is_enlarged_and_put_back_by_keyboard(room: Room) -> None:
    say(room.page, "/kpi board")
    room.page.locator(".picture").focus()
    room.page.keyboard.press("Enter")
    expect(room.page.locator("#lightbox")).to_be_visible()
    room.page.keyboard.press("Escape")
    expect(room.page.locator("#lightbox")).to_be_hidden()


# ------------------------------------------------------------------ who, when, how


def test_the_language_is_switched(room: Room) -> None:
    room.page.get_by_role("button", name="English").click()
    expect(room.page.locator("html")).to_have_attribute("lang", "en")
    expect(room.page.locator("#say")).to_have_attribute("placeholder", "Type / for commands")
    room.page.get_by_role("button", name="中文").click()
    expect(room.page.locator("html")).to_have_attribute("lang", "zh-CN")


@pytest.mark.parametrize("room", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
def test_the_theme_follows_the_system_until_one_is_chosen(room: Room) -> None:
    def paper() -> int:
        red = re.search(r"\d+", room.page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert red is not None
        return int(red[0])

    dark = room.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert (paper() < 60) is dark
    room.page.get_by_role("button", name="浅色" if dark else "深色").click()
    expect(room.page.locator("html")).to_have_attribute("data-theme", "light" if dark else "dark")
    # The new page has its attribute before it has its style.
    room.page.wait_for_load_state("load")
    assert (paper() < 60) is not dark


def test_one_speaks_as_somebody_else(room: Room) -> None:
    page = room.page
    say(page, "/kpi board")
    expect(page.locator(".card")).to_have_count(1)
    page.get_by_label("发言身份").select_option(label="周航 · 投放")
    expect(page.locator(".card")).to_have_count(0)
    say(page, "我是周航")
    expect(page.locator(".who b")).to_have_text(["周航"])
    say(page, "/kpi board")
    expect(page.locator(".card")).to_have_count(1)
    assert room.house.asked[-1].actor == str(room.shop.other.id)


def test_a_second_page_follows_who_speaks(room: Room) -> None:
    second = room.page.context.new_page()
    second.goto(room.page.url)
    room.page.get_by_label("发言身份").select_option(label="周航 · 投放")
    expect(second.locator(".speaker option[selected]")).to_have_text("周航 · 投放")


def test_stepping_the_clock_brings_the_digest_live(room: Room) -> None:
    page = room.page
    expect(page.locator(".clock-face")).to_have_text("周二 6月4日 08:55")
    page.get_by_role("button", name="下一个 09:00").click()
    expect(page.locator(".card")).to_have_text("早安，这是今天的晨报")
    expect(page.locator(".clock-face")).to_have_text("周二 6月4日 09:00")
    expect(page.get_by_role("button", name="下一个 09:00")).to_be_focused()
    page.get_by_text("选日期", exact=True).first.click()
    page.locator(".pop input").fill("2024-06-07")
    page.get_by_role("button", name="前往").click()
    expect(page.locator(".clock-face")).to_have_text("周五 6月7日 09:00")
    expect(page.locator(".day:visible")).to_have_text(["周二 6月4日", "周五 6月7日"])


def test_what_a_step_of_the_clock_brings_is_shown_wherever_one_reads(room: Room) -> None:
    for number in range(30):
        post(room, f"old {number}", f"{number}")
    expect(room.page.locator(".card")).to_have_count(30)
    room.page.locator("#scroller").evaluate("scroller => scroller.scrollTo(0, 0)")
    room.page.get_by_role("button", name="下一个 09:00").click()
    expect(room.page.get_by_text("早安，这是今天的晨报")).to_be_in_viewport()


def test_a_step_that_brings_nothing_is_told_in_a_quiet_line(room: Room) -> None:
    room.house.silent = True
    room.page.get_by_role("button", name="+1 天").click()
    expect(room.page.locator("#notice.calm")).to_contain_text("周三 6月5日 08:55")
    room.house.silent = False
    room.page.get_by_role("button", name="+1 天").click()
    expect(room.page.locator(".card")).to_have_count(1)
    expect(room.page.locator("#notice")).to_be_hidden()


def test_a_first_visit_is_invited(room: Room) -> None:
    room.page.get_by_role("button", name="/kpi board").click()
    room.page.keyboard.press("Enter")
    expect(room.page.locator(".bot .card")).to_be_visible()
    expect(room.page.locator(".empty")).to_be_hidden()
    expect(room.page.locator(".made-up")).to_contain_text("虚构")


def test_the_first_tab_stop_leads_to_the_composer(room: Room) -> None:
    room.page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    room.page.keyboard.press("Tab")
    expect(room.page.locator(".skip")).to_be_focused()
    room.page.keyboard.press("Enter")
    expect(room.page.locator("#say")).to_be_focused()


@pytest.mark.parametrize("room", [PHONE], indirect=True)
def test_a_phone_never_scrolls_sideways(room: Room) -> None:
    page = room.page
    for forms, language in enumerate(("中文", "English"), 1):
        page.locator(".drawer-open").click()
        expect(page.locator("nav")).to_be_in_viewport()
        page.get_by_role("button", name=language).click()
        # The drawer of the page that comes is closed.
        expect(page.locator("nav")).not_to_be_in_viewport()
        page.wait_for_load_state("load")
        room.platform.send(room.shop.address(), room.platform.render(board(), {}), f"board-{language}")
        room.platform.send(room.shop.address(), room.platform.render(log_form("8.5w", "x" * 200), {}), f"form-{language}")
        expect(page.locator(".form .error")).to_have_count(forms)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.querySelector('#scroller').scrollWidth <= innerWidth")
        assert page.evaluate("[...document.querySelectorAll('.scroll')].every((table) => table.scrollWidth <= table.clientWidth)")


@pytest.mark.parametrize("room", [PHONE], indirect=True)
def test_the_drawer_closes_by_itself_and_by_escape(room: Room) -> None:
    page, nav = room.page, room.page.locator("nav")
    expect(nav).not_to_be_in_viewport()
    page.locator(".drawer-open").click()
    expect(nav).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(nav).not_to_be_in_viewport()
    expect(page.locator(".drawer-open")).to_be_focused()


def test_nothing_is_asked_of_other_hosts(room: Room) -> None:
    asked: list[str] = []

    def remember(response: Response) -> None:
        asked.append(response.url)

    room.page.on("response", remember)
    room.page.reload()
    say(room.page, "/kpi board")
    expect(room.page.locator(".card")).to_be_visible()
    assert asked
    assert all(url.startswith(room.url) for url in asked)
