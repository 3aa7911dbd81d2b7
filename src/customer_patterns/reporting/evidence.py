"""What the summary says about the study as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

import pandas as pd

from customer_patterns.reporting.evidence_map import CONCLUSION_TABLE, DATA_KINDS
from customer_patterns.reporting.findings import Finding
from customer_patterns.schemas import Column, TableSchema
from customer_patterns.study import Study
from customer_patterns.wording import Name, Sentence, Told, Value, say
from customer_patterns.wording.rules import GRADES

EVIDENCE = TableSchema(
    name="evidence",
    grain="chapter",
    key=("chapter",),
    meaning="How many findings of each grade of evidence a chapter has on data that are not simulated.",
    columns=(
        Column("chapter", "text", "the chapter", label="Chapter"),
        *(
            Column(grade.replace("-", "_"), "integer", f"its findings of grade {grade}", grade.capitalize(), minimum=0)
            for grade in GRADES
        ),
    ),
)

#: Chapters whose findings are about the data, not about the customers.
DATA_CHAPTERS = ("collect", "clean")
#: Chapters whose findings are about the methods, in any study.
METHOD_CHAPTERS = ("laboratory",)

TABLES: dict[str, TableSchema] = {schema.name: schema for schema in (EVIDENCE, DATA_KINDS, CONCLUSION_TABLE)}


def study_facts(study: Study, as_of: date, findings: Sequence[Finding]) -> dict[Sentence, Value | Told]:
    """Say what the study is about: its title, period, customers and provenance."""
    provenance = sorted({source.provenance for source in study.sources})
    facts: dict[Sentence, Value | Told] = {
        say("summary.fact_study"): Told(study.told("title")),
        say("summary.fact_about"): Told(study.told("about")),
        say("summary.fact_first_day"): study.first_day,
        say("summary.fact_last_day"): as_of,
        say("summary.fact_data"): Name(" and ".join(provenance), "word"),
    }
    if study.caution:
        facts[say("summary.fact_caution")] = Told(study.told("caution"))
    for finding in findings:
        if finding.key == "collect.delivered":
            said = dict(finding.values)
            facts[say("summary.fact_customers")] = said["customers_seen"]
            facts[say("summary.fact_orders")], facts[say("summary.fact_revenue")] = said["orders"], said["revenue"]
    return facts


def provenance_sentence(study: Study) -> str:
    """Return the key of the sentence that says whether the data are real, simulated, or both."""
    declared = {source.provenance for source in study.sources}
    return f"summary.{'mixed' if len(declared) > 1 else declared.pop()}"


def headlines(
    findings: Sequence[Finding],
    *,
    each: int,
    study: Study,
    simulated_tables: Collection[str] = (),
    barred: Collection[str] = (),
) -> list[Finding]:
    """Return the findings that a reader who opens no other page should see.

    They are the first of each chapter about the customers, since a chapter states its most important finding first.
    None rests on simulated data, unless the whole study does.

    Parameters
    ----------
    findings
        The findings of all chapters, in their order.
    each
        How many of each chapter.
    study
        The study.
    simulated_tables
        Tables that rest on simulated data; a finding about one of these is simulated whatever it says of itself.
    barred
        Keys of findings whose method misses its aim in the laboratory: they are no headlines.
    """
    about = [f for f in _about_customers(findings) if f.key not in barred]
    if not study.simulated:
        about = [f for f in about if not _simulated(f, simulated_tables)]
    return _first_of_each_chapter(about, each)


def simulated_findings(
    findings: Sequence[Finding], *, each: int, study: Study, simulated_tables: Collection[str] = ()
) -> list[Finding]:
    """Return the first findings of each chapter that rest on simulated data; none where the whole study does."""
    about = [f for f in _about_customers(findings) if _simulated(f, simulated_tables)]
    return [] if study.simulated else _first_of_each_chapter(about, each)


def data_findings(findings: Sequence[Finding], *, study: Study) -> list[Finding]:
    """Return the findings about the data themselves; of a study with real data, those about the real ones."""
    about = [finding for finding in findings if finding.stage in DATA_CHAPTERS]
    return [finding for finding in about if study.simulated or not finding.simulated]


def method_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings about the methods themselves, the same in every study."""
    return [finding for finding in findings if finding.stage in METHOD_CHAPTERS]


def evidence_by_chapter(findings: Sequence[Finding], *, study: Study, chapters: Iterable[str] = ()) -> pd.DataFrame:
    """Count findings by chapter and grade: one row per chapter, those of ``chapters`` without any finding included.

    Findings on simulated data are not counted, unless the whole study is simulated: they are no evidence. Nor are those
    about the methods, which are not about the study.
    """
    named = dict.fromkeys([*chapters, *(finding.stage for finding in findings)])
    listed = [chapter for chapter in named if chapter not in METHOD_CHAPTERS]
    counted = [f for f in findings if study.simulated or not f.simulated]
    rows = [
        {
            "chapter": chapter,
            **{
                grade.replace("-", "_"): sum(f.stage == chapter and f.grade == grade for f in counted)
                for grade in GRADES
            },
        }
        for chapter in listed
    ]
    return pd.DataFrame(rows, columns=EVIDENCE.names)


def _about_customers(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.stage not in (*DATA_CHAPTERS, *METHOD_CHAPTERS)]


def _simulated(finding: Finding, simulated_tables: Collection[str]) -> bool:
    return finding.simulated or finding.source.rpartition(".")[2] in simulated_tables


def _first_of_each_chapter(findings: Sequence[Finding], each: int) -> list[Finding]:
    seen: Counter[str] = Counter()
    first = []
    for finding in findings:
        seen[finding.stage] += 1
        if seen[finding.stage] <= each:
            first.append(finding)
    return first
