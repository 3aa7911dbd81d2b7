"""Chapters are published together or not at all, as pages that hold what a reader needs and nothing that runs."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest

from customer_patterns import warehouse
from customer_patterns.reporting import publish as publishing
from customer_patterns.reporting.chapter import ChapterError, check_page
from customer_patterns.reporting.publish import PartialRun, Provenance, PublishError, publish, publish_dag
from tests.reporting import sample_run
from tests.reporting.sample_run import AS_OF, LANGUAGE, STUDY, code, html, prose, write_run

PAGES = ["01-collect.html", "02-clean.html", "03-behavior.html", "index.html"]
SOURCES = [Provenance(("order_lines", "products"), "real", "84.51°", "research on shopping")]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root in which a run was built; read only."""
    root = tmp_path_factory.mktemp("built")
    write_run(root / "data" / "runs")
    return root


@pytest.fixture(scope="module")
def pages(built: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The run's pages, by file name."""
    folder = put_out(built, reports=tmp_path_factory.mktemp("reports"))
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html"))}


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """A copy of the built root, to be changed and published."""
    shutil.copytree(built / "data", tmp_path / "data")
    return tmp_path


def put_out(root: Path, *, reports: Path | None = None, as_of: str = AS_OF, **more: Any) -> Path:
    words: dict[str, Any] = {"title": "The corner shop", "sources": SOURCES, **more}
    runs = root / "data" / "runs"
    return publish(runs, reports or root / "reports", study=STUDY, as_of=as_of, language=LANGUAGE, **words)


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def notebook(root: Path, stem: str) -> Path:
    return root / "data" / "runs" / STUDY / AS_OF / "chapters" / f"{stem}.ipynb"


def change(root: Path, stem: str, *cells: nbformat.NotebookNode) -> None:
    """Add cells to the end of a chapter."""
    read = nbformat.read(notebook(root, stem), as_version=4)
    for number, cell in enumerate(cells):
        cell.id = f"added-{number}"
    read.cells.extend(cells)
    nbformat.write(read, notebook(root, stem))


class Outline(HTMLParser):
    """Ids, links, headings and pictures of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[str] = []
        self.pictures: list[dict[str, Any]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag == "img":
            self.pictures.append(given)


# What a page shows


def test_each_chapter_is_a_page_and_the_summary_is_the_index(pages: dict[str, str]):
    assert list(pages) == PAGES
    assert "<h1>What we know about the customers</h1>" in pages["index.html"]


def test_findings_come_right_after_the_question(pages: dict[str, str]):
    page = pages["03-behavior.html"]
    places = [page.index(text) for text in ("<h1>", "and who stays?", 'id="findings"', 'id="when-do-they-shop"')]
    assert places == sorted(places)
    assert page.count('class="findings"') == 1


def test_code_parameters_paths_and_what_was_printed_stay_away(pages: dict[str, str]):
    page = pages["03-behavior.html"]
    for unseen in (
        "charts.bars(",
        "weekly_gap_days = 7",
        "/secret/path",
        "a warning from",
        "Stage behavior",
        "stage.write",
    ):
        assert unseen not in page


def test_figures_are_numbered_titled_and_described(pages: dict[str, str]):
    page = pages["03-behavior.html"]
    assert re.findall(r'class="number">(Figure \d)<', page) == ["Figure 1", "Figure 2", "Figure 3", "Figure 4"]
    assert "<strong>Orders grow slowly through the year</strong>" in page
    pictures = Outline(page).pictures
    assert len(pictures) == 4
    assert all(
        picture["alt"].split(".")[0] in ("Bar chart", "Line chart", "Dot plot", "Heatmap") for picture in pictures
    )
    assert all(str(picture["src"]).startswith("data:image/svg+xml;base64,") for picture in pictures)


def test_every_link_leads_somewhere(pages: dict[str, str]):
    outlines = {name: Outline(page) for name, page in pages.items()}
    for name, outline in outlines.items():
        assert len(set(outline.ids)) == len(outline.ids), name
        for link in outline.links:
            page, _, anchor = link.partition("#")
            if page.startswith("../"):
                continue
            target = outlines[page or name]
            assert not anchor or anchor in target.ids, f"{name}: {link}"


def test_a_page_has_one_title_and_no_heading_skips_a_level(pages: dict[str, str]):
    for page in pages.values():
        levels = [int(heading[1]) for heading in Outline(page).headings]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_the_foot_says_where_the_data_come_from_and_how_they_were_treated(pages: dict[str, str]):
    page = pages["03-behavior.html"]
    foot = page[page.index("<footer") :]
    for said in (
        "84.51°",
        "research on shopping",
        "weekly_gap_days",
        "env.yaml (default 7)",
        "pandas 3.1.1",
        "c0dec0de",
    ):
        assert said in foot
    assert "This chapter has no method settings." in pages["01-collect.html"]


def test_pages_fetch_nothing_and_run_nothing(pages: dict[str, str]):
    for page in pages.values():
        assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:" in page
        assert "<script" not in page
        assert not re.findall(r'(?:src|srcset)="(?!data:)', page)
        assert "@import" not in page
        assert "url(http" not in page
        assert len(page.encode()) < 3_000_000


def test_a_page_says_its_language(pages: dict[str, str]):
    assert all('<html lang="en">' in page for page in pages.values())


def test_simulated_data_are_tagged_at_the_heading(tmp_path: Path):
    write_run(tmp_path / "data" / "runs", simulated=True)
    page = (put_out(tmp_path) / "03-behavior.html").read_text(encoding="utf-8")
    heading = page[page.index('<h2 id="who-stays"') :].split("</h2>")[0]
    assert 'class="simulated"' in heading
    limits = page[page.index('<h2 id="limits"') :].split("</h2>")[0]
    assert 'class="simulated"' not in limits


def test_texts_from_a_study_are_shown_and_not_run(root: Path):
    evil = "<img src=x onerror=alert(1)><b>"
    folder = put_out(root, title=evil, sources=[Provenance((evil,), evil, evil, evil)])
    for path in [*folder.glob("*.html"), root / "reports" / "index.html"]:
        page = path.read_text(encoding="utf-8")
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


# Together or not at all


def test_publishing_twice_gives_the_same_bytes(root: Path):
    put_out(root)
    first = content(root / "reports")
    put_out(root)
    assert content(root / "reports") == first


def failing(root: Path) -> None:
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no such column", traceback=["secret trace"])
    change(root, "02-clean", code("boom", error))


def without_manifest(root: Path) -> None:
    (root / "data" / "runs" / STUDY / AS_OF / "clean" / "manifest.json").unlink()


def of_another_study(root: Path) -> None:
    read = nbformat.read(notebook(root, "02-clean"), as_version=4)
    read.metadata["papermill"]["parameters"]["study"] = "another"
    nbformat.write(read, notebook(root, "02-clean"))


def with_tables_of_another_day(root: Path) -> None:
    path = root / "data" / "runs" / STUDY / AS_OF / "clean" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "as_of": "2017-09-30"}))


def with_tables_rebuilt_since(root: Path) -> None:
    path = root / "data" / "runs" / STUDY / AS_OF / "clean" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["tables"]["hours"]["sha256"] = "changed"
    path.write_text(json.dumps(manifest))


def unreadable(root: Path) -> None:
    notebook(root, "02-clean").write_text('{"cells": [', encoding="utf-8")


def without_a_title(root: Path) -> None:
    read = nbformat.read(notebook(root, "02-clean"), as_version=4)
    read.cells = read.cells[1:]
    nbformat.write(read, notebook(root, "02-clean"))


def with_a_script(root: Path) -> None:
    change(root, "02-clean", code("show", html("<script>alert(1)</script>")))


def with_an_undescribed_picture(root: Path) -> None:
    picture = nbformat.v4.new_output("display_data", {"image/png": "aGk=", "text/plain": "<Figure>"})
    change(root, "02-clean", code("plot", picture))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (failing, "02-clean: a cell failed with ValueError: no such column"),
        (without_manifest, "'clean' are not there"),
        (of_another_study, "02-clean was built for study another"),
        (with_tables_of_another_day, "'clean' say as_of 2017-09-30"),
        (with_tables_rebuilt_since, "made from other tables of 'clean'"),
        (unreadable, "02-clean.ipynb cannot be read"),
        (without_a_title, "has no title"),
        (with_a_script, "runs or fetches"),
        (with_an_undescribed_picture, "cannot be described"),
    ],
)
def test_a_run_that_is_not_whole_leaves_the_pages_as_they_were(root: Path, spoil: Any, message: str):
    put_out(root)
    before = content(root / "reports")
    spoil(root)
    with pytest.raises(ValueError, match=re.escape(message)) as refusal:
        put_out(root)
    assert "secret trace" not in str(refusal.value)
    assert content(root / "reports") == before


@pytest.mark.parametrize("missing", ["02-clean", "09-summary"])
def test_a_partial_build_leaves_the_pages_as_they_were(root: Path, missing: str):
    put_out(root)
    before = content(root / "reports")
    notebook(root, missing).unlink()
    with pytest.raises(PartialRun):
        put_out(root, stems=sample_run.STEMS)
    assert content(root / "reports") == before


def test_a_publication_killed_before_the_swap_is_repaired_by_the_next(root: Path, monkeypatch: pytest.MonkeyPatch):
    put_out(root)
    before = content(root / "reports")

    def killed(fresh: Path, folder: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(warehouse, "swap_in", killed)
        with pytest.raises(KeyboardInterrupt):
            put_out(root)
    assert {name: page for name, page in content(root / "reports").items() if ".fresh" not in name} == before
    put_out(root)
    assert content(root / "reports") == before


def test_a_publication_killed_within_the_swap_is_repaired_by_the_next_even_if_that_fails(root: Path):
    folder = put_out(root).parent
    before = content(root / "reports")
    folder.rename(folder.with_name(f".{folder.name}.old"))
    failing(root)
    with pytest.raises(ChapterError):
        put_out(root)
    assert content(root / "reports") == before


def test_a_page_of_a_stage_that_is_gone_goes_with_it(root: Path):
    folder = put_out(root)
    stems = [stem for stem in sample_run.STEMS if stem != "02-clean"]
    assert put_out(root, stems=stems) == folder
    assert sorted(path.name for path in folder.glob("*.html")) == [name for name in PAGES if "clean" not in name]


def test_two_figures_with_one_anchor_are_refused(root: Path):
    figure = next(
        cell
        for cell in nbformat.read(notebook(root, "03-behavior"), as_version=4).cells
        if "charts.bars" in cell.source
    )
    change(root, "03-behavior", code("again", *figure.outputs))
    with pytest.raises(ChapterError, match="two figures have the anchor hours"):
        put_out(root)


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='https://example.com/a.png'>",
        "<iframe></iframe>",
        "<form>",
        "<img src=//example.com/a.png>",
        "x" * 3_000_001,
    ],
)
def test_a_page_that_would_fetch_run_or_weigh_too_much_is_refused(markup: str):
    with pytest.raises(ChapterError):
        check_page(f"<p>{markup}</p>", name="a.html")


# Lists of runs


def test_latest_leads_to_the_newest_run_whatever_was_built_last(root: Path):
    write_run(root / "data" / "runs", as_of="2017-09-30")
    put_out(root)
    put_out(root, as_of="2017-09-30")
    page = (root / "reports" / STUDY / "latest" / "index.html").read_text(encoding="utf-8")
    assert f'content="0; url=../{AS_OF}/{LANGUAGE}/index.html"' in page
    assert (root / "reports" / STUDY / "latest" / f"../{AS_OF}/{LANGUAGE}/index.html").is_file()


def test_the_list_of_runs_names_each_run_newest_first(root: Path):
    write_run(root / "data" / "runs", as_of="2017-09-30")
    put_out(root, as_of="2017-09-30")
    put_out(root)
    page = (root / "reports" / "index.html").read_text(encoding="utf-8")
    assert page.index("31 Dec 2017") < page.index("30 Sep 2017")
    links = [link for link in Outline(page).links if not link.startswith("#")]
    assert len(links) == 2 * (1 + len(PAGES))
    assert all((root / "reports" / link).is_file() for link in links)


# Ploomber


class Task:
    def __init__(self, nb: Path) -> None:
        self.product = {"nb": nb, "tables": nb.parents[2] / "tables"}


def dag_of(root: Path, stems: tuple[str, ...] = sample_run.STEMS) -> dict[str, Task]:
    return {stem.split("-", 1)[1]: Task(notebook(root, stem)) for stem in stems}


@pytest.fixture
def _known_study(monkeypatch: pytest.MonkeyPatch) -> None:
    class Study:
        currency, customer, customers, simulated, zh = "USD", "household", "households", False, None
        name, sources, simulated_tables, protected = STUDY, (), frozenset(), {}

        def delivers(self, table: str) -> bool:
            return False

        def told(self, name: str) -> dict[str, str]:
            return {"en": "The corner shop"}

    monkeypatch.setattr("customer_patterns.reporting.publish.load_study", lambda name: Study())
    # the sample is written by hand, in English
    monkeypatch.setattr("customer_patterns.reporting.publish.LANGUAGES", ("en",))


@pytest.mark.usefixtures("_known_study")
def test_ploombers_hook_publishes_what_the_dag_has_built(root: Path, capsys: pytest.CaptureFixture[str]):
    publish_dag(dag_of(root))
    published = sorted(path.name for path in (root / "reports" / STUDY / AS_OF / LANGUAGE).glob("*.html"))
    assert published == sorted([*PAGES, "privacy.html"])
    assert capsys.readouterr().out == f"Published reports/{STUDY}/{AS_OF}/{LANGUAGE}/index.html\n"


@pytest.mark.usefixtures("_known_study")
def test_ploombers_hook_says_in_one_line_that_a_partial_build_publishes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
):
    publish_dag(dag_of(root, ("01-collect", "02-clean")))
    assert not (root / "reports").exists()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Pages left as they were")


@pytest.mark.usefixtures("_known_study")
def test_ploomber_itself_calls_the_hook(root: Path, monkeypatch: pytest.MonkeyPatch):
    from ploomber import DAG
    from ploomber.executors import Serial
    from ploomber.products import File
    from ploomber.tasks import PythonCallable

    monkeypatch.chdir(root)
    runs = root / "data" / "runs"
    kept = root / "kept"
    shutil.move(runs, kept)

    def restore(product: Any, stem: str) -> None:
        stage = stem.split("-", 1)[1]
        shutil.copytree(kept / STUDY / AS_OF / stage, str(product["tables"]))
        shutil.copy(kept / STUDY / AS_OF / "chapters" / f"{stem}.ipynb", str(product["nb"]))

    dag = DAG(executor=Serial(build_in_subprocess=False))
    for stem in sample_run.STEMS:
        stage = stem.split("-", 1)[1]
        where = f"data/runs/{STUDY}/{AS_OF}"
        product = {"nb": File(f"{where}/chapters/{stem}.ipynb"), "tables": File(f"{where}/{stage}")}
        PythonCallable(restore, product, dag, name=stage, params={"stem": stem})
    dag.on_finish = publish_dag
    dag.build(show_progress=False)
    assert (root / "reports" / STUDY / AS_OF / LANGUAGE / "index.html").is_file()


def test_a_missing_stage_is_an_error_that_names_the_remedy(root: Path):
    shutil.rmtree(root / "data" / "runs" / STUDY / AS_OF / "behavior")
    with pytest.raises(warehouse.WarehouseError, match="make reports"):
        put_out(root)
    assert issubclass(PublishError, ValueError)
    assert publishing.SUMMARY == "summary"


def test_a_note_beside_the_text_stays_with_its_paragraph(root: Path):
    change(root, "01-collect", prose("## And now?\n\nText.\n\n> A note.\n\n```\n## not a heading\n```"))
    page = (put_out(root) / "01-collect.html").read_text(encoding="utf-8")
    assert "<blockquote>" in page
    assert 'id="not-a-heading"' not in page
