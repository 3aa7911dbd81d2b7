"""What stands on the summary page, and what may not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from customer_patterns.estimates import Count
from customer_patterns.reporting import data_findings, evidence_by_chapter, headlines, simulated_findings
from customer_patterns.reporting.findings import Finding
from customer_patterns.wording import sentences

STAGES = ("collect", "behavior", "satisfaction")
REAL, WHOLLY_SIMULATED = SimpleNamespace(simulated=False), SimpleNamespace(simulated=True)


@pytest.fixture(autouse=True)
def _catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    for stage in STAGES:
        for name in "abc":
            monkeypatch.setitem(sentences.SENTENCES, f"{stage}.{name}", "{rows} were seen")


def made(key: str, *, simulated: bool = False, source: str = "t", grade: str = "description") -> Finding:
    rows = Count(3, "rows", n=3, of="rows")
    return Finding(key, grade, source, values={"rows": rows}, simulated=simulated)


FOUND = [
    ("collect.a", False),
    ("behavior.a", False),
    ("behavior.b", False),
    ("behavior.c", False),
    ("satisfaction.a", True),
    ("satisfaction.b", False),
]


def keys(findings: list[Finding]) -> list[str]:
    return [finding.key for finding in findings]


def test_headlines_are_the_first_of_each_chapter_and_none_is_simulated():
    found = [made(key, simulated=simulated) for key, simulated in FOUND]
    assert keys(headlines(found, each=2, study=REAL)) == ["behavior.a", "behavior.b", "satisfaction.b"]
    assert keys(simulated_findings(found, each=2, study=REAL)) == ["satisfaction.a"]
    assert keys(data_findings(found, study=REAL)) == ["collect.a"]


def test_in_a_wholly_simulated_study_its_findings_are_the_headlines():
    found = [made(key, simulated=True) for key, _ in FOUND]
    assert keys(headlines(found, each=1, study=WHOLLY_SIMULATED)) == ["behavior.a", "satisfaction.a"]
    assert simulated_findings(found, each=1, study=WHOLLY_SIMULATED) == []
    assert keys(data_findings(found, study=WHOLLY_SIMULATED)) == ["collect.a"]


def test_a_finding_about_a_simulated_table_is_no_headline_whatever_it_says_of_itself():
    found = [made("behavior.a", source="satisfaction.scores")]
    assert headlines(found, each=1, study=REAL, simulated_tables={"scores"}) == []
    assert keys(simulated_findings(found, each=1, study=REAL, simulated_tables={"scores"})) == ["behavior.a"]


def test_evidence_counts_grades_by_chapter_and_leaves_simulated_findings_out():
    found = [made(key, simulated=simulated) for key, simulated in FOUND] + [made("collect.b", grade="association")]
    counted = evidence_by_chapter(found, study=REAL).set_index("chapter")
    assert counted.loc["behavior"].tolist() == [3, 0, 0, 0]
    assert counted.loc["satisfaction"].tolist() == [1, 0, 0, 0]
    assert counted.loc["collect"].tolist() == [1, 1, 0, 0]
    assert evidence_by_chapter(found, study=WHOLLY_SIMULATED)["description"].sum() == len(FOUND)
