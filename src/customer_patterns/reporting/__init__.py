"""Floor 7: findings, and how findings, tables and charts are shown."""

from customer_patterns.reporting import show
from customer_patterns.reporting.evidence import (
    EVIDENCE,
    TABLES,
    customer_findings,
    data_findings,
    evidence_by_chapter,
    study_facts,
)
from customer_patterns.reporting.findings import Finding, finding, read_findings

__all__ = [
    "EVIDENCE",
    "TABLES",
    "Finding",
    "customer_findings",
    "data_findings",
    "evidence_by_chapter",
    "finding",
    "read_findings",
    "show",
    "study_facts",
]
