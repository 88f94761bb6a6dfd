"""What do browser tests start from? A Chromium of this machine, and a playground on a free port. Without a Chromium they are skipped, and say so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.platforms.web.platform import WebPlatform
from core.domain.workspaces import Locale
from core.storage.unit_of_work import Database
from tests.playground import FakeHouse, Shop, open_shop, playground, serving

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The first page may wait for the Chinese font.
PATIENCE_MS = 15_000
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("MORNINGBELL_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install it (Debian: apt install chromium) to run the browser tests")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@dataclass
class Room:
    """A page on #ops, and what stands behind it. `faults` are what the browser complained of."""

    page: Page
    shop: Shop
    house: FakeHouse
    platform: WebPlatform
    url: str
    faults: list[str]


@pytest.fixture
def room(chromium: Browser, embedded: Database, request: pytest.FixtureRequest) -> Iterator[Room]:
    """Parametrize indirectly with options of a browser context; a desktop in Chinese unless said."""
    shop = open_shop(embedded, locale=Locale.ZH)
    app, house = playground(embedded)
    options = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN", **getattr(request, "param", {})}
    with serving(app) as url:
        context = chromium.new_context(**options)
        # Seven megabytes a page that no test looks at.
        context.route("**/noto-sans-sc.otf", lambda route: route.abort())
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None)
        page.goto(f"{url}/")
        expect(page.locator("#say")).to_be_visible()
        yield Room(page, shop, house, app.platform, url, faults)
        context.close()
    assert faults == []
