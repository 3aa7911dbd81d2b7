"""What the summary says about the study as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from customer_patterns.reporting.findings import GRADES, Finding
from customer_patterns.schemas import Column, TableSchema
from customer_patterns.study import Study
from customer_patterns.wording import Name, Value

EVIDENCE = TableSchema(
    name="evidence",
    grain="chapter",
    key=("chapter",),
    meaning="How many findings of each grade of evidence a chapter has.",
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

TABLES: dict[str, TableSchema] = {EVIDENCE.name: EVIDENCE}


def study_facts(study: Study, as_of: date, findings: Sequence[Finding]) -> dict[str, Value | str]:
    """Say what the study is about: its title, period, customers and provenance."""
    provenance = sorted({source.provenance for source in study.sources})
    facts: dict[str, Value | str] = {
        "Study": study.title,
        "About": study.about,
        "First day": study.first_day,
        "Last day": as_of,
        "Data": Name(" and ".join(provenance)),
    }
    if study.caution:
        facts["Caution"] = study.caution
    for finding in findings:
        if finding.key == "collect.delivered":
            said = dict(finding.values)
            facts[study.customers.capitalize()] = said["customers_seen"]
            facts["Orders"], facts["Revenue"] = said["orders"], said["revenue"]
    return facts


def data_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings about the data themselves."""
    return [finding for finding in findings if finding.stage in DATA_CHAPTERS]


def customer_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings about the customers."""
    return [finding for finding in findings if finding.stage not in DATA_CHAPTERS]


def evidence_by_chapter(findings: Sequence[Finding]) -> pd.DataFrame:
    """Count findings by chapter and grade: one row per chapter, in the order of the findings."""
    chapters = list(dict.fromkeys(finding.stage for finding in findings))
    rows = [
        {
            "chapter": chapter,
            **{
                grade.replace("-", "_"): sum(f.stage == chapter and f.grade == grade for f in findings)
                for grade in GRADES
            },
        }
        for chapter in chapters
    ]
    return pd.DataFrame(rows, columns=EVIDENCE.names)
