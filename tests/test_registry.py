"""Every sentence with a number is an entry of the registry: whatever no longer follows from the tables is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.__main__ import main
from customer_patterns.cleaning import identity
from customer_patterns.reporting.chapter import read_notebook, stage_of
from customer_patterns.reporting.languages import study_voice
from customer_patterns.reporting.ledger import Ledger
from customer_patterns.reporting.quotes import misquoted, quotes
from customer_patterns.reporting.registry import REGISTRY_FILE, Registry, read_registry, stale
from customer_patterns.schemas import Refusal
from customer_patterns.sources import delivered_files
from customer_patterns.stage import notebook_path, stage_names
from customer_patterns.study import load_study
from customer_patterns.wording import speaking
from tests.notebooks_in_process import PLANTED, publish_run, run_pipeline, writing_into

AS_OF = "2017-12-31"


@pytest.fixture
def root(tmp_path: Path, planted_root: Path, planted_run: Path) -> Path:
    """A copy of the planted shop's delivery and of its run, published."""
    copy = tmp_path / "root"
    shutil.copytree(planted_root / "data" / "raw", copy / "data" / "raw")
    shutil.copytree(planted_run, copy / "data" / "runs" / PLANTED / AS_OF)
    put_out(copy)
    return copy


def run_of(root: Path) -> Path:
    return root / "data" / "runs" / PLANTED / AS_OF


def put_out(root: Path) -> Path:
    """Publish as a build does."""
    return publish_run(root, as_of=AS_OF)


def registry(root: Path) -> Registry:
    chapters = sorted((run_of(root) / "chapters").glob("[0-9]*.ipynb"))
    return read_registry(Ledger.of(run_of(root)), {stage_of(path.stem): read_notebook(path) for path in chapters})


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def change_one_line(root: Path) -> None:
    """Let one product of one order have cost more."""
    path = root / "data" / "raw" / PLANTED / "order_lines.parquet"
    lines = pd.read_parquet(path)
    lines.loc[lines.index[20_000], "net_amount"] += 977
    lines.to_parquet(path, index=False)


def refused(root: Path) -> str:
    """What the publisher says when it refuses; the pages and the registry stay as they were."""
    pages, stored = content(root / "reports"), (run_of(root) / REGISTRY_FILE).read_bytes()
    with pytest.raises(Refusal) as refusal:
        put_out(root)
    assert content(root / "reports") == pages
    assert (run_of(root) / REGISTRY_FILE).read_bytes() == stored
    return str(refusal.value)


def edit_chapter(root: Path, stage: str, old: str, new: str) -> None:
    """Change what an executed notebook shows, as somebody with an editor would."""
    path = run_of(root) / "chapters" / notebook_path(stage).name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit_findings(root: Path, stage: str, change: Callable[[dict[str, Any]], None], *, forge: bool = False) -> None:
    """Change a stage's first stored finding; with ``forge`` its manifest too."""
    folder = run_of(root) / stage
    findings = json.loads((folder / warehouse.FINDINGS).read_text(encoding="utf-8"))
    change(findings[0])
    (folder / warehouse.FINDINGS).write_text(warehouse.to_json(findings), encoding="utf-8")
    if forge:
        manifest = json.loads((folder / warehouse.MANIFEST).read_text(encoding="utf-8"))
        manifest["findings"] = warehouse.sha256(folder / warehouse.FINDINGS)
        (folder / warehouse.MANIFEST).write_text(warehouse.to_json(manifest), encoding="utf-8")


# What the registry holds


def test_every_finding_of_every_stage_is_an_entry_with_its_table_and_code(planted_run: Path, root: Path) -> None:
    found = registry(root).findings
    for stage in stage_names():
        manifest = warehouse.read_manifest(planted_run / stage)
        for stored in json.loads((planted_run / stage / warehouse.FINDINGS).read_text(encoding="utf-8")):
            entry = found[stored["key"]]
            assert dict(entry.values) == stored["values"]
            assert entry.code == manifest["code"]
            home, _, table = entry.table.partition(".")
            assert entry.data == warehouse.sha256(planted_run / home / f"{table}.parquet")
    assert set(found) >= {"collect.delivered", "clean.reversed", "behavior.rhythm"}


def test_every_estimate_in_the_registry_says_its_interval_its_level_its_n_and_its_method(root: Path) -> None:
    values = [value for entry in registry(root).to_json()["entries"] for _, value in entry["values"].items()]
    estimates = [value for value in values if value["kind"] == "estimate"]
    assert len(estimates) >= 10
    for value in estimates:
        assert value["low"] <= value["value"] <= value["high"]
        assert value["n"] > 0
        assert value["of"]
        assert "unit" in value  # empty for scores, which count nothing
        assert 0.5 < value["level"] < 1
        assert value["method"], value


def test_the_stored_registry_holds_the_deliveries_and_is_the_same_each_time(root: Path) -> None:
    stored = (run_of(root) / REGISTRY_FILE).read_bytes()
    put_out(root)
    assert (run_of(root) / REGISTRY_FILE).read_bytes() == stored
    with writing_into(root):
        study = load_study(PLANTED)
        judged = identity.labeled_inputs(study)  # pairs of records that somebody has judged are delivered as well
        assert judged
        assert json.loads(stored)["deliveries"] == dict(sorted((delivered_files(study) | judged).items()))


def test_pages_quote_their_findings_and_every_finding_is_quoted_in_its_chapter(root: Path) -> None:
    pages = root / "reports" / PLANTED / AS_OF / "en"
    for stage in stage_names()[:-1]:
        page = (pages / f"{notebook_path(stage).stem}.html").read_text(encoding="utf-8")
        quoted = {key for key, _ in quotes(page) if key}
        assert quoted == {key for key, entry in registry(root).findings.items() if entry.stage == stage}


# A changed row


def test_with_one_row_changed_every_sentence_that_would_change_is_named_and_nothing_is_published(root: Path) -> None:
    before = registry(root)
    change_one_line(root)
    said = refused(root)
    again = run_pipeline(root, as_of=AS_OF, chapters=True)
    after = registry(root)
    put_out(root)
    changed = {e.key for e in before.entries} - {
        e.key for e in after.entries if e.said in {b.said for b in before.entries}
    }
    assert changed >= {"collect.delivered", "behavior.concentration"}
    for key in changed:
        assert f"stale: {key} rests on " in said
    assert (
        "stale: behavior.concentration rests on table revenue_deciles, which was made from another delivery of" in said
    )
    with speaking(study_voice(load_study(PLANTED))):
        old, new = before.findings["collect.delivered"].text, after.findings["collect.delivered"].text
    page = (root / "reports" / PLANTED / AS_OF / "en" / "01-collect.html").read_text(encoding="utf-8")
    assert old != new
    assert new in page
    assert old not in page
    assert again == run_of(root)


def test_a_chapter_left_behind_by_the_tables_before_it_is_named_sentence_by_sentence(root: Path) -> None:
    change_one_line(root)
    run_pipeline(root, as_of=AS_OF, stages=["collect", "clean"], chapters=True)
    said = refused(root).splitlines()
    keys = {line.split()[1] for line in said}
    late = {e.key for e in registry(root).entries if e.stage not in ("collect", "clean", "laboratory")}
    assert keys == late
    assert "stale: behavior.rhythm rests on table rhythm_groups, which was made from other tables of 'clean'" in said


def test_a_table_written_by_another_hand_makes_its_sentences_stale_and_no_others(root: Path) -> None:
    path = run_of(root) / "behavior" / "rhythm_groups.parquet"
    pd.read_parquet(path).assign(n=7).to_parquet(path)
    said = refused(root).splitlines()
    assert "stale: behavior.rhythm rests on table rhythm_groups, which has changed since" in said
    resting = {e.key for e in registry(root).entries if e.table == "behavior.rhythm_groups"}
    assert {line.split()[1] for line in said} == resting


# A changed number, wording, grade


def sentence(root: Path, key: str) -> str:
    with speaking(study_voice(load_study(PLANTED))):
        return registry(root).findings[key].text


@pytest.mark.parametrize("stage", ["behavior", "summary"])
def test_a_number_edited_by_hand_in_a_chapter_is_caught(root: Path, stage: str) -> None:
    said = sentence(root, "behavior.rhythm")
    wrong = said.replace(said.split()[0], "99")
    edit_chapter(root, stage, json.dumps(said)[1:-1], json.dumps(wrong)[1:-1])
    assert "misquotes behavior.rhythm: it shows '99" in refused(root)


def keys_only(html: str, registry: Registry) -> list[str]:
    """A broken twin: compares which findings a page shows, not what it says of them."""
    return [key for key, _ in quotes(html) if key and key not in registry.findings]


def test_a_published_page_with_an_edited_number_is_told_apart_and_a_check_of_keys_would_miss_it(root: Path) -> None:
    page = (root / "reports" / PLANTED / AS_OF / "en" / "03-behavior.html").read_text(encoding="utf-8")
    said = sentence(root, "behavior.rhythm")
    edited = page.replace(said, said.replace(said.split()[0], "99"))
    with speaking(study_voice(load_study(PLANTED))):
        assert misquoted(page, registry(root), name="a.html") == []
        assert len(misquoted(edited, registry(root), name="a.html")) == 1
    assert keys_only(edited, registry(root)) == []


def test_a_finding_that_no_stage_made_is_caught(root: Path) -> None:
    edit_chapter(root, "behavior", "f-behavior.rhythm", "f-behavior.revenue")
    assert "shows the finding behavior.revenue, which is not in the registry" in refused(root)


def test_a_stored_value_changed_by_hand_is_caught(root: Path) -> None:
    def change(finding: dict[str, Any]) -> None:
        finding["values"]["weekly_share"]["value"] += 1e-4

    edit_findings(root, "behavior", change)
    assert "behavior.rhythm is stored otherwise than stage 'behavior' wrote it" in refused(root)


def test_a_changed_grade_is_refused_even_where_the_manifest_was_forged_with_it(root: Path) -> None:
    edit_findings(root, "behavior", lambda finding: finding.update(grade="experimental"))
    assert "behavior.rhythm is stored otherwise" in refused(root)
    edit_findings(root, "behavior", lambda finding: None, forge=True)
    assert "made from other tables of 'behavior'" in refused(root)


def test_words_beyond_a_grade_are_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from customer_patterns.wording import sentences

    key = "behavior.concentration"
    monkeypatch.setitem(sentences.SENTENCES, key, "The tenth who spend most drives {top_tenth_share} of revenue")
    assert f"stale: {key} was found in other words than the catalog now has" in refused(root)
    overstated = [entry for entry in _reworded(root, key) if "more than its grade description carries" in entry]
    assert overstated == [f"{key} says drives, more than its grade description carries"]


def _reworded(root: Path, key: str) -> list[str]:
    """The faults of a registry whose finding was stored with the words that the catalog now has."""
    from dataclasses import replace

    from customer_patterns.reporting.registry import misworded
    from customer_patterns.wording.sentences import template

    read = registry(root)
    entries = tuple(replace(e, template=template(e.key)) for e in read.entries if e.key == key)
    return misworded(replace(read, entries=entries))


# Prose


def test_a_digit_typed_into_prose_is_refused_by_name(root: Path) -> None:
    edit_chapter(root, "behavior", "## How often do they come?", "## How do 196 households come?")
    assert "03-behavior holds a typed digit in its prose: '## How do 196 households come?'" in refused(root)


# Looking at it


def test_trace_prints_what_a_sentence_rests_on(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with writing_into(root):
        assert main(["trace", "behavior.rhythm", "--study", PLANTED]) == 0
    said = capsys.readouterr().out
    entry = registry(root).findings["behavior.rhythm"]
    line = pd.read_parquet(run_of(root) / "behavior" / "rhythm_groups.parquet").set_index("rhythm").loc["weekly"]
    assert f"{line['share_of_customers']:.6g} share, 95% interval {line['share_of_customers_low']:.6g} to" in said
    assert "row rhythm = weekly, column share_of_customers" in said
    for digest in (
        entry.data,
        entry.code,
        json.loads((run_of(root) / REGISTRY_FILE).read_text())["deliveries"]["order_lines (till)"],
    ):
        assert digest in said
    for step in ("behavior.customer_rhythm", "behavior.orders", "clean.order_lines", "collect.order_lines"):
        assert step in said
    assert "it follows from the tables on disk" in said


def test_trace_says_what_is_stale_and_which_sentences_there_are(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change_one_line(root)
    with writing_into(root):
        assert main(["trace", "behavior.rhythm", "--study", PLANTED]) == 0
        assert "stale: behavior.rhythm rests on table rhythm_groups, which was made from" in capsys.readouterr().out
        assert main(["trace", "behavior.rythm", "--study", PLANTED]) == 2
    assert "did you mean behavior.rhythm?" in capsys.readouterr().err


def test_a_run_whose_deliveries_are_gone_is_not_called_stale(root: Path) -> None:
    assert stale(registry(root), {}) == []
