"""What a newcomer does: draft, answer, build. Exports of our own making, to the pages that would be opened."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from customer_patterns.sources.draft import draft_study
from customer_patterns.sources.draft.writing import UNANSWERED
from customer_patterns.study import load_study
from tests.notebooks_in_process import publish_run, run_pipeline, writing_into
from tests.sources.draft.exports import EXPORTS

LINES = 240


def published(name: str, root: Path) -> Path:
    """The pages of an export, drafted and with nothing changed but the four answers."""
    (root / "exports").mkdir()
    with writing_into(root):
        draft = draft_study([EXPORTS[name](root / "exports", LINES)], name="newcomer")
        text = draft.path.read_text(encoding="utf-8")
        assert text.count(f'"{UNANSWERED}"') == 4
        draft.path.write_text(text.replace(f'"{UNANSWERED}"', "our own shop"), encoding="utf-8")
        as_of = load_study("newcomer").last_day.isoformat()
        run_pipeline(root, as_of=as_of, study="newcomer", chapters=True)
        return publish_run(root, as_of=as_of, study="newcomer", languages=("en", "zh"))


@pytest.fixture(scope="module")
def pages(with_key: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a Chinese shop's export."""
    return published("chinese", tmp_path_factory.mktemp("newcomer"))


def words_of(page: Path) -> str:
    html = re.sub(r'"data:image[^"]*"', '""', page.read_text(encoding="utf-8"))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style.*?</style>", " ", html, flags=re.DOTALL))).split())


@pytest.mark.parametrize(
    ("language", "lines", "income", "about"),
    [("en", "{n} order lines", "¥", "订单明细.csv"), ("zh", "{n} 条订单行", "¥", "订单明细.csv中的客户")],
)
def test_the_summary_says_what_was_in_the_export(
    pages: Path, language: str, lines: str, income: str, about: str
) -> None:
    words = words_of(pages / language / "index.html")
    delivered = next(n for n in range(LINES, LINES + 3) if lines.format(n=n) in words)  # the last order is whole
    assert delivered >= LINES
    assert income in words
    assert about in words


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_is_whole_and_shows_no_person(pages: Path, language: str) -> None:
    listed = sorted(page.name for page in (pages / language).glob("*.html"))
    assert {"index.html", "01-collect.html", "02-clean.html", "03-behavior.html"} <= set(listed)
    for name in listed:
        words = words_of(pages / language / name)
        assert not re.search(r"Traceback|\bnan\b|\bNaN\b|\bNaT\b|<NA>", words), name
        assert "1380000" not in words, name  # the telephone numbers of the export


def test_an_export_that_delivers_three_tables_has_left_out_nothing(pages: Path) -> None:
    words = words_of(pages / "en" / "01-collect.html")
    assert "in 3 tables could be read" in words
    assert "was delivered and not read" not in words  # each column is read by one of the tables


def test_a_shop_with_one_channel_and_large_amounts_gets_pages_that_fit_it(tmp_path: Path) -> None:
    pages = published("american", tmp_path)
    words = words_of(pages / "en" / "03-behavior.html")
    assert "Which channels customers use" in words
    last = re.search(r"those of \$([\d,]+) or more not drawn", words)
    median = re.search(r"The median basket is worth \$([\d,]+)", words)
    assert int(last[1].replace(",", "")) > int(median[1].replace(",", ""))
    assert "fuel" not in words_of(pages / "en" / "index.html")


def test_a_survey_alone_gets_pages_about_what_was_asked(tmp_path: Path) -> None:
    pages = published("survey", tmp_path)
    words = words_of(pages / "en" / "07-satisfaction.html")
    assert "answers to the question how content they are overall" in words
    cleaning = words_of(pages / "en" / "02-clean.html")
    assert "Every one of" in cleaning
    assert cleaning.count("No purchases were delivered") == 1
    assert "answered without an invitation" not in cleaning  # nobody delivered whom was asked
