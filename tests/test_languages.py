"""Two languages, one truth: one executed run is published in both, with the same findings and the same numbers."""

import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from customer_patterns.reporting import publish
from customer_patterns.reporting.chapter import ChapterError
from customer_patterns.reporting.languages import study_voice
from customer_patterns.stage import notebook_path, stage_names
from customer_patterns.study import LANGUAGES, load_study
from customer_patterns.wording import Told, messages
from customer_patterns.wording.locales import LOCALES
from customer_patterns.wording.messages import translations
from tests.notebooks_in_process import PLANTED, run_notebook

DAY = "2017-12-31"


def put_out(run: Path, reports: Path, *, language: str = "en") -> Path:
    """Publish a run in all languages; return the folder of its day."""
    study = load_study(PLANTED)
    folder = publish.publish(
        run.parents[1], reports, study=PLANTED, as_of=DAY, language=language, languages=LANGUAGES,
        stems=[notebook_path(stage).stem for stage in stage_names()], title=Told(study.told("title")),
        sources=publish.provenance(study), voice=study_voice(study),
    )  # fmt: skip
    return folder.parent


@pytest.fixture(scope="module")
def pages(planted_run: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The pages of the planted shop, by language and name."""
    folder = put_out(planted_run, tmp_path_factory.mktemp("reports"))
    return {
        language: {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / language).glob("*.html"))}
        for language in LANGUAGES
    }


def test_a_report_can_be_written_in_every_language_that_is_spoken():
    assert set(LANGUAGES) == set(LOCALES)


def test_both_languages_have_the_same_pages_which_lead_to_each_other(pages):
    assert set(pages["en"]) == set(pages["zh"])
    for name in pages["en"]:
        assert f'<a href="../zh/{name}" hreflang="zh" lang="zh">中文</a>' in pages["en"][name]
        assert f'<a href="../en/{name}" hreflang="en" lang="en">English</a>' in pages["zh"][name]
        assert '<html lang="zh">' in pages["zh"][name]


# The same findings, the same numbers

_MONTHS = {
    name: n
    for n, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
    )
}
_SCALES = {"million": 10**6, "billion": 10**9, "万": 10**4, "亿": 10**8}


def numbers(text: str) -> set[float]:
    """The numbers of a sentence, however they are written: dates, hours and large numbers as plain ones."""
    text = re.sub(r"(\d+) (a|p)\.m\.", lambda m: str(int(m[1]) % 12 + (12 if m[2] == "p" else 0)), text)
    text = text.replace("noon", "12").replace("midnight", "0")
    text = re.sub(r"\b(" + "|".join(_MONTHS) + r")\b", lambda m: f" {_MONTHS[m[1]]} ", text)
    found = re.finditer(r"([\d,]*\d(?:\.\d+)?)\s*(million|billion|万|亿)?", text)
    return {float(m[1].replace(",", "")) * _SCALES.get(m[2], 1) for m in found}


def findings(page: str) -> dict[str, str]:
    items = re.findall(r'<li id="f-([^"]+)">\s*<p class="sentence">(.*?)</p>', page, re.DOTALL)
    return {key: unescape(sentence) for key, sentence in items}


def test_both_languages_state_the_same_findings_with_the_same_numbers(pages):
    stated = 0
    for name, page in pages["en"].items():
        english, chinese = findings(page), findings(pages["zh"][name])
        assert list(english) == list(chinese), name
        for key, sentence in english.items():
            assert numbers(sentence) == numbers(chinese[key]), (key, sentence, chinese[key])
            stated += bool(numbers(sentence))
    assert stated > 20


def test_both_languages_have_the_same_figures_and_tables(pages):
    for name, page in pages["en"].items():
        for part in (r'<figure class="chart" id="([^"]+)"', r'<td class="num">([^<]*)', r'<small class="ci">([^<]*)'):
            english, chinese = re.findall(part, page), re.findall(part, pages["zh"][name])
            assert len(english) == len(chinese), (name, part)
            if part.startswith("<small"):
                continue  # an interval that begins below zero is joined by a word
            assert english == chinese, (name, part)


# No English is left


class _Texts(HTMLParser):
    """Collects what a reader is told: text nodes and the attributes that are read aloud, but no code and no style."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("style", "code")
        if tag != "meta":
            self.texts += [value for name, value in attrs if name in ("alt", "aria-label", "title") and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("style", "code")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def texts(page: str) -> Iterator[str]:
    parser = _Texts()
    parser.feed(page)
    yield from (" ".join(text.split()) for text in parser.texts if text.strip())


#: The way to the other edition is called what its readers call their language.
_OTHER_EDITION = re.compile(r'<a [^>]*hreflang="[a-z]+"[^>]*>[^<]*</a>')


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """How each English message would look on a page, with whatever in its places."""
    for _, context, english, chinese in translations("zh"):
        if english == chinese or context == "name" or not re.search(r"[a-z]{2}", english):
            continue
        plain = re.sub(r"[*`]|\[([^\]]*)\]\([^)]*\)", r"\1", english)
        parts = re.split(r"\{[^}]*\}", " ".join(plain.split()))
        if max(map(len, parts)) < 4:
            continue
        yield english, re.compile(".{1,80}?".join(map(re.escape, parts)), re.IGNORECASE)


def test_no_chinese_page_holds_an_english_message(pages):
    known = list(patterns())
    assert len(known) > 500
    left = {
        (name, text, english)
        for name, page in pages["zh"].items()
        for text in set(texts(_OTHER_EDITION.sub("", page)))
        if re.search(r"[A-Za-z]{2}", text)
        and not re.fullmatch("[a-z_]+|None", text)  # names of tables and columns, and a setting's value
        for english, pattern in known
        if pattern.fullmatch(text)
    }
    assert left == set()


def test_that_scan_would_find_english(pages):
    """Its broken twin: on the English pages it finds nearly everything."""
    known = [pattern for _, pattern in patterns()]
    said = [text for text in set(texts(pages["en"]["03-behavior.html"])) if len(text.split()) > 5]
    assert sum(any(pattern.fullmatch(text) for pattern in known) for text in said) > 0.5 * len(said)


def test_no_chinese_page_holds_a_run_of_english_words(pages, planted_run):
    """Names of tables, columns and packages may stand there, and what customers wrote in English; no clause of ours."""
    quoted = set(pd.read_parquet(planted_run / "satisfaction" / "text_examples.parquet")["example"].dropna())
    for name, page in pages["zh"].items():
        for text in texts(page):
            assert text in quoted or not re.search(r"\b(?:[a-z]{2,} ){3}[a-z]{2,}\b", text), (name, text)


# One run speaks both


def shown(notebook: Path, language: str) -> list[tuple[str, str]]:
    """What a chapter's cells show in a language, whichever the run spoke: kind and content."""
    found = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            for kind, about in output["metadata"].items():
                if "language" in about:
                    assert about["faults"] == {}
                    content = output["data"][kind] if about["language"] == language else about["languages"][language]
                    found.append((kind, content))
    return found


def test_a_run_in_chinese_shows_the_same_bytes_in_each_language_as_one_in_english(planted_run: Path, tmp_path: Path):
    stage, root = "collect", planted_run.parents[3]
    run_notebook(stage, root, study=PLANTED, as_of=DAY, language="zh", chapters=tmp_path)
    file = notebook_path(stage).name
    for language in LANGUAGES:
        english_run, chinese_run = shown(planted_run / "chapters" / file, language), shown(tmp_path / file, language)
        assert len(english_run) >= 4
        assert english_run == chinese_run
    outputs = [o for cell in json.loads((tmp_path / file).read_text())["cells"] for o in cell.get("outputs", [])]
    assert any("共交付" in output["data"]["text/plain"] for output in outputs)  # an analyst reads Chinese too


def test_each_display_carries_its_sentences(planted_run: Path):
    chapter = json.loads((planted_run / "chapters" / notebook_path("behavior").name).read_text(encoding="utf-8"))
    notes = [
        about["sentences"]
        for cell in chapter["cells"]
        for output in cell.get("outputs", [])
        for about in output["metadata"].values()
        if "sentences" in about
    ]
    keys = {note["key"] for noted in notes for note in noted}
    assert {"behavior.rhythm_title", "behavior.rhythm_subtitle", "show.from_table", "behavior.rhythm_table"} <= keys
    assert all(noted for noted in notes)


# What is missing is named


def test_a_missing_translation_is_named_and_the_pages_stay(planted_run: Path, tmp_path: Path, monkeypatch):
    folder = put_out(planted_run, tmp_path)
    before = {path: path.read_bytes() for path in folder.rglob("*.html")}
    known = dict(messages.messages("zh"))
    del known["notebook", "Who brings the revenue?"]
    monkeypatch.setattr(messages, "messages", lambda language: known)
    with pytest.raises(ChapterError, match=r"chapter 03-behavior: .*notebook 'Who brings the revenue\?'.*python -m"):
        put_out(planted_run, tmp_path)
    assert {path: path.read_bytes() for path in folder.rglob("*.html")} == before


def test_a_display_that_could_not_be_translated_is_named_when_it_is_published(planted_run: Path, tmp_path: Path):
    run = shutil.copytree(planted_run, tmp_path / "data" / "runs" / PLANTED / DAY)
    path = run / "chapters" / notebook_path("behavior").name
    chapter = json.loads(path.read_text(encoding="utf-8"))
    about = next(o["metadata"]["image/svg+xml"] for c in chapter["cells"] for o in c.get("outputs", [])
                 if "image/svg+xml" in o["metadata"])  # fmt: skip
    about["languages"], about["faults"] = {}, {"zh": "there is no translation into 'zh' of label 'Days'"}
    path.write_text(json.dumps(chapter), encoding="utf-8")
    with pytest.raises(ChapterError, match="chapter 03-behavior: there is no translation into 'zh' of label 'Days'"):
        put_out(run, tmp_path / "reports")
    assert not (tmp_path / "reports").exists()


def test_the_lists_open_each_run_in_its_language(planted_run: Path, tmp_path: Path):
    put_out(planted_run, tmp_path, language="zh")
    latest = (tmp_path / PLANTED / "latest" / "index.html").read_text(encoding="utf-8")
    assert f"url=../{DAY}/zh/index.html" in latest
    assert '<html lang="zh">' in latest
    listed = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<html lang="zh">' in listed
    assert listed.index(f"{PLANTED}/{DAY}/zh/index.html") < listed.index(f"{PLANTED}/{DAY}/en/index.html")


def test_charts_of_chinese_pages_hold_chinese_words(pages):
    pictures = re.findall(r'<img alt="([^"]*)"', pages["zh"]["03-behavior.html"])
    assert len(pictures) >= 10
    for alt in pictures:
        assert re.match(r"(条形图|折线图|直方图|点图|热力图|散点图)。", alt), alt
