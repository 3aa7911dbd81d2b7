"""Floor 7: findings, their registry, and how findings, tables and charts are shown."""

from customer_patterns.reporting import show
from customer_patterns.reporting.cards import cards
from customer_patterns.reporting.evidence import (
    EVIDENCE,
    TABLES,
    data_findings,
    evidence_by_chapter,
    headlines,
    method_findings,
    provenance_sentence,
    simulated_findings,
    study_facts,
)
from customer_patterns.reporting.evidence_map import (
    CONCLUSION_TABLE,
    DATA_KINDS,
    conclusions,
    count_waves,
    data_kinds,
    map_figures,
)
from customer_patterns.reporting.findings import Finding, finding, read_findings

__all__ = [
    "CONCLUSION_TABLE",
    "DATA_KINDS",
    "EVIDENCE",
    "TABLES",
    "Finding",
    "cards",
    "conclusions",
    "count_waves",
    "data_findings",
    "data_kinds",
    "evidence_by_chapter",
    "finding",
    "headlines",
    "map_figures",
    "method_findings",
    "provenance_sentence",
    "read_findings",
    "show",
    "simulated_findings",
    "study_facts",
]
