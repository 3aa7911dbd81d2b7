"""Pages as a browser sees them: nothing fetched, nothing wrong, readable by everyone, on a desk and on a phone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from customer_patterns.reporting.publish import publish
from tests.reporting.sample_run import AS_OF, LANGUAGE, STUDY, write_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}

#: Chromium without a screen, and without the errands it runs for itself.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without it a test is skipped, but in CI it fails."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is missing: apt-get install chromium")
        pytest.skip("chromium is not installed (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def check_pages(folder: Path, *, views: tuple[str, ...] = ("desktop", "phone", "dark")) -> list[str]:
    """Open every page under a folder and return what is wrong with it, a line each.

    Errors in the console, whatever is asked of a network, serious findings of axe-core in light and in dark, pages that
    must be pushed sideways on a phone, pictures that do not load, links that lead nowhere.
    """
    complaints: list[str] = []
    pages = sorted(path for path in folder.rglob("*.html") if not any(part.startswith(".") for part in path.parts))
    with chromium() as browser:
        for path in pages:
            name = path.relative_to(folder).as_posix()
            for view in views:
                complaints += [f"{name} ({view}): {what}" for what in _look(browser, path, view)]
    return complaints or ([] if pages else [f"there is no page in {folder.name}"])


def _look(browser: Browser, path: Path, view: str) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found: list[str] = []
    context = browser.new_context(
        viewport=PHONE if view == "phone" else DESKTOP,
        color_scheme="dark" if view == "dark" else "light",
        bypass_csp=False,
    )
    try:
        page = context.new_page()
        asked: list[str] = []
        page.route(
            lambda url: not url.startswith(("file:", "data:")),
            lambda route: (asked.append(route.request.url), route.abort()),
        )
        page.on(
            "console",
            lambda message: (
                found.append(f"console {message.type}: {message.text}")
                if message.type in ("error", "warning")
                else None
            ),
        )
        page.on("pageerror", lambda error: found.append(f"page error: {error}"))
        page.goto(path.as_uri(), wait_until="load")
        if 'http-equiv="refresh"' in path.read_text(encoding="utf-8"):  # then what it leads to is looked at
            page.wait_for_url(lambda url: url != path.as_uri())
        found += [f"asked for {url}" for url in asked]
        found += _geometry(page, view)
        if view == "desktop":
            found += _dead_links(page)
        if view != "phone":
            # axe runs as a script of the test, which the page's own policy does not allow to be added
            violations = Axe().run(page).response["violations"]
            found += [
                f"axe {v['impact']}: {v['id']} at {v['nodes'][0]['target']}"
                for v in violations
                if v["impact"] in ("serious", "critical")
            ]
    finally:
        context.close()
    return found


def _geometry(page: Page, view: str) -> list[str]:
    found = []
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if wide > seen:
        found.append(f"must be pushed sideways: {wide} px on {seen} px")
    broken = page.evaluate("[...document.images].filter(i => !(i.complete && i.naturalWidth > 0)).length")
    if broken:
        found.append(f"{broken} pictures do not load")
    if view == "phone":
        small = page.evaluate(
            "[...document.querySelectorAll('p, li, td, th, dd, figcaption span')]"
            ".filter(e => e.offsetParent && parseFloat(getComputedStyle(e).fontSize) < 11).length"
        )
        if small:
            found.append(f"{small} texts are smaller than 11 px")
    return found


def _dead_links(page: Page) -> list[str]:
    """Links to anchors and files that are not there."""
    found = []
    base = Path(page.evaluate("decodeURIComponent(location.pathname)"))
    for link in page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))"):
        target, _, anchor = link.partition("#")
        if ":" in target:
            continue
        file = (base.parent / target).resolve() if target else base
        if not file.is_file():
            found.append(f"link to {link}: no such page")
        elif anchor and f'id="{anchor}"' not in file.read_text(encoding="utf-8"):
            found.append(f"link to {link}: no such anchor")
    return found


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("root")
    for as_of, simulated in (("2017-09-30", True), (AS_OF, False)):
        write_run(root / "data" / "runs", as_of=as_of, simulated=simulated)
        publish(
            root / "data" / "runs",
            root / "reports",
            study=STUDY,
            as_of=as_of,
            language=LANGUAGE,
            title="The corner shop",
        )
    return root / "reports"


def test_pages_are_without_fault_on_a_desk_on_a_phone_and_in_the_dark(reports: Path):
    assert check_pages(reports) == []


def test_latest_leads_to_the_newest_summary(reports: Path):
    with chromium() as browser:
        page = browser.new_page()
        page.goto((reports / STUDY / "latest" / "index.html").as_uri())
        page.wait_for_url(f"**/{AS_OF}/{LANGUAGE}/index.html")
        assert page.locator("h1").inner_text() == "What we know about the customers"


def test_a_reader_with_a_keyboard_comes_to_the_text_first(reports: Path):
    with chromium() as browser:
        page = browser.new_page()
        page.goto((reports / STUDY / AS_OF / LANGUAGE / "03-behavior.html").as_uri())
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


def test_a_phone_is_given_the_drawing_for_phones(reports: Path):
    with chromium() as browser:
        sizes = []
        for viewport in (DESKTOP, PHONE):
            page = browser.new_page(viewport=viewport)
            page.goto((reports / STUDY / AS_OF / LANGUAGE / "03-behavior.html").as_uri())
            sizes.append(page.evaluate("document.images[0].naturalWidth"))
    assert sizes[0] > 900
    assert sizes[1] < 400


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("<img src='https://example.com/x.png' alt='x'>", "asked for"),
        ("<script>alert(1)</script>", "console error"),
        ("<p style='width: 3000px'>wide</p>", "must be pushed sideways"),
        ("<a href='#nowhere'>there</a>", "no such anchor"),
        ("<p style='color: #ccc; background: #fff'>faint</p>", "color-contrast"),
        ("<img src='data:image/png;base64,AA' alt='broken'>", "do not load"),
    ],
)
def test_a_faulty_page_is_noticed(reports: Path, tmp_path: Path, markup: str, complaint: str):
    page = (reports / STUDY / AS_OF / LANGUAGE / "01-collect.html").read_text(encoding="utf-8")
    if "https:" in markup:  # the policy alone would stop it, and say so in the console
        page = page.replace("img-src data:", "img-src * data:")
    (tmp_path / "01-collect.html").write_text(page.replace("</main>", f"{markup}</main>"), encoding="utf-8")
    assert any(complaint in line for line in check_pages(tmp_path, views=("desktop",)))
