"""`make pictures` draws README's pictures: the demo is loaded, served and looked at in a headless Chromium, in both languages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")
DESKTOP, PHONE = ViewportSize(width=1280, height=960), ViewportSize(width=390, height=844)


def main() -> None:
    """Writes every picture anew."""
    PICTURES.mkdir(exist_ok=True)
    for locale in ("zh-CN", "en"):
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "MORNINGBELL_DATABASE_URL": f"sqlite:///{folder}/demo.db"}
            _run(environment, "init", "--demo", "--locale", locale)
            _run(environment, "digest", "--locale", locale, "--out", str(PICTURES / f"digest.{locale}.png"))
            with _serving(environment) as url, _browser() as browser:
                _look(browser, url, locale)


def _look(browser: Browser, url: str, locale: str) -> None:
    page = browser.new_page(viewport=DESKTOP, locale=locale)
    page.goto(url)
    page.get_by_role("button", name="English" if locale == "en" else "中文", exact=True).click()
    page.locator("[data-step=next], button:has-text('09:00')").first.click()
    page.wait_for_selector(".card img")
    _settled(page).screenshot(path=PICTURES / f"playground.{locale}.png")
    page.set_viewport_size(PHONE)
    _settled(page).screenshot(path=PICTURES / f"phone.{locale}.png")


def _settled(page: Page) -> Page:
    page.wait_for_function("() => [...document.images].every(picture => picture.complete)")
    page.evaluate("() => document.fonts.ready")
    page.wait_for_timeout(500)
    return page


def _run(environment: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "-m", "bot", *words], env=environment, check=True)  # noqa: S603  # our own program


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[str]:
    process = subprocess.Popen([sys.executable, "-m", "bot", "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(15)


@contextmanager
def _browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        sys.exit("No Chromium here. On Debian: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


if __name__ == "__main__":
    main()
