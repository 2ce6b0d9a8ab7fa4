"""The page in a real browser: nothing fetched, nothing cut off, Chinese readable, languages to
choose.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from reports import build_report
from tests.reports.sample_run import write_sample

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    return build_report(write_sample(folder), folder).as_uri()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for switch in (*SWITCHES, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


def show(browser: webdriver.Chrome, page: str, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(page)


def logged(browser: webdriver.Chrome, kind: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = browser.get_log(kind)  # type: ignore[no-untyped-call]
    return entries


def button(browser: webdriver.Chrome, selector: str) -> None:
    browser.find_element(By.CSS_SELECTOR, selector).click()


def shown(browser: webdriver.Chrome) -> str:
    return browser.find_element(By.TAG_NAME, "body").text


def test_the_page_asks_the_network_for_nothing_and_logs_no_error(
    browser: webdriver.Chrome, page: str
) -> None:
    logged(browser, "performance")
    show(browser, page, 1280)
    asked = [
        message["params"]["request"]["url"]
        for entry in logged(browser, "performance")
        if (message := json.loads(entry["message"])["message"])["method"]
        == "Network.requestWillBeSent"
        # the browser's own new-tab page may still be loading when ours is opened
        and message["params"]["documentURL"].startswith(page)
    ]
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in asked if url.startswith("file:")]) == 1
    assert logged(browser, "browser") == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["both", "zh", "en"])
def test_nothing_is_wider_than_the_window_even_when_all_is_unfolded(
    browser: webdriver.Chrome, page: str, width: int, language: str
) -> None:
    show(browser, page, width)
    button(browser, '[data-fold="open"]')
    button(browser, f'[data-show="{language}"]')
    script = """
      const wide = document.documentElement;
      const out = [...document.querySelectorAll('body *')].filter(e => !e.closest('svg') &&
        e.getClientRects().length && (e.getBoundingClientRect().right > wide.clientWidth + 0.5 ||
        (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')));
      return [wide.scrollWidth, wide.clientWidth, out.map(e => e.outerHTML.slice(0, 120))];
    """
    scrolled, window, out = browser.execute_script(script)
    assert window == width
    assert scrolled <= window
    assert out == []


def test_chinese_characters_are_drawn_and_differ(browser: webdriver.Chrome, page: str) -> None:
    """A font without Chinese draws one and the same box for every character."""
    show(browser, page, 1280)
    script = """
      const family = getComputedStyle(document.body).fontFamily;
      const draw = text => { const c = document.createElement('canvas'); c.width = c.height = 48;
        const g = c.getContext('2d'); g.font = '32px ' + family; g.fillText(text, 4, 38);
        return c.toDataURL(); };
      return new Set([...'社会保障卡一通轨道交闸机\\u{10FFFD}'].map(draw)).size;
    """
    assert browser.execute_script(script) == 13


def test_the_language_can_be_chosen(browser: webdriver.Chrome, page: str) -> None:
    show(browser, page, 1280)
    zh, en = "持卡人用社保卡乘坐轨道交通2号线", "A holder rides Line 2"
    assert zh in shown(browser)
    assert en in shown(browser)
    button(browser, '[data-show="zh"]')
    assert zh in shown(browser)
    assert en not in shown(browser)
    button(browser, '[data-show="en"]')
    assert zh not in shown(browser)
    assert "When she taps in at Jiaochangkou" in shown(browser)


def test_exchanges_fold_and_unfold(browser: webdriver.Chrome, page: str) -> None:
    show(browser, page, 390)
    assert "80 50 03 02" not in shown(browser)
    button(browser, "details summary")
    assert "80 50 03 02" in shown(browser)


def test_without_script_both_languages_show_and_no_dead_buttons(
    browser: webdriver.Chrome, page: str
) -> None:
    off = {"value": True}
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", off)
    try:
        show(browser, page, 1280)
        source = browser.find_element(By.TAG_NAME, "body").text
    finally:
        on = {"value": False}
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", on)
    assert "持卡人用社保卡乘坐轨道交通2号线" in source
    assert "A holder rides Line 2" in source
    assert "unfold all" not in source


def test_it_prints_with_every_exchange_unfolded(
    browser: webdriver.Chrome, page: str, tmp_path: Path
) -> None:
    show(browser, page, 1280)
    printed = browser.print_page()
    assert len(printed) > 50_000
    (tmp_path / "report.pdf.b64").write_text(printed)
    opened = "return [...document.querySelectorAll('details')].every(part => part.open)"
    assert browser.execute_script(opened)
