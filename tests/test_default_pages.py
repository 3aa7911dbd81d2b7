"""The pages of the default study as `make reports` left them: without fault in a browser, and true to their tables."""

import os
import re
from pathlib import Path

import pytest

from customer_patterns.privacy.published import small_cells
from customer_patterns.reporting.privacy_page import PRIVACY_PAGE
from customer_patterns.stage import chapter_pages
from customer_patterns.study import open_run, project_root
from tests.reporting.test_pages_in_browser import check_pages


@pytest.fixture(scope="module")
def pages() -> Path:
    run = open_run()
    folder = project_root() / "reports" / run.study.name / run.as_of.isoformat() / run.language
    if not (folder / "index.html").is_file():
        if os.environ.get("CI"):
            pytest.fail("the default study is not built; CI calls 'make reports' first")
        pytest.skip("the default study is not built; run 'make reports'")
    return folder


@pytest.mark.browser
@pytest.mark.study
def test_every_page_is_without_fault_in_a_browser(pages):
    assert check_pages(pages) == []


@pytest.mark.study
def test_every_chapter_has_its_page_and_none_is_left_over(pages):
    assert {path.name for path in pages.glob("*.html")} == {*chapter_pages().values(), PRIVACY_PAGE}


@pytest.mark.study
def test_no_page_counts_fewer_than_ten_customers_or_lets_them_be_worked_out(pages):
    study = open_run().study
    nouns = {
        "en": (study.customer, study.customers, "customer", "customers"),
        "zh": (study.zh.customer.counted, "位客户"),
    }
    read = [(language, page) for language in nouns for page in sorted((pages.parent / language).glob("*.html"))]
    found = [
        fault
        for language, page in read
        for fault in small_cells(page.read_text(encoding="utf-8"), page=page.name, customers=nouns[language])
    ]
    assert len(read) >= 2 * len(chapter_pages())
    assert [str(fault) for fault in found] == []


@pytest.mark.study
def test_no_page_holds_code_a_path_or_an_address(pages):
    for page in pages.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        words = re.sub(r"data:image/svg\+xml[^\"' ]*", "", text)
        assert not re.search(r"(src|href)=[\"']?(https?:)?//", words), page.name
        assert not re.search(r"/(home|root|tmp|Users|work)/", words), page.name
        assert "Traceback" not in words, page.name
        assert page.stat().st_size < 3_000_000
