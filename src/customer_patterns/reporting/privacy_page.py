"""The page that says how personal data are processed: record of processing, notice to customers, guide for staff.

It is filled from the study file and from what the run's tables hold, in the language of the voice. PIPL (articles 7, 14
to 17, 51, 54 to 56) and GDPR (articles 13, 30) say what must stand there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_patterns.privacy.categories import category_of
from customer_patterns.reporting.chapter import Edition, render_template
from customer_patterns.reporting.privacy_checks import checks
from customer_patterns.sources.persons import is_personal
from customer_patterns.wording.names import data_text

if TYPE_CHECKING:
    from customer_patterns.study import Study

#: What the page is called beside the chapters.
PRIVACY_PAGE = "privacy.html"


@dataclass(frozen=True)
class Entry:
    """One purpose of one owner, as the record of processing lists it."""

    purpose: str
    owner: str
    party: str
    legal_basis: str
    retention: str
    categories: tuple[str, ...]
    identifiers: bool
    protected: tuple[str, ...] = ()
    keep_days: int | None = None


def processing_record(study: Study) -> list[Entry]:
    """Return one entry per owner, purpose, basis and retention, in the order of the study file."""
    grouped: dict[tuple[Any, ...], list[Any]] = {}
    for source in study.sources:
        said = (source.purpose, source.owner, source.party, source.legal_basis, source.retention, source.keep_days)
        grouped.setdefault(said, []).append(source)
    found = []
    for (purpose, owner, party, basis, retention, keep_days), sources in grouped.items():
        categories = tuple(dict.fromkeys(source.table for source in sources))
        kinds = {category_of(name) for source in sources for name in source.delivered_columns.values()}
        protected = tuple(f"{k}: {study.protected[k]}" for k in sorted(kinds - {None}) if k in study.protected)
        identifiers = any(map(is_personal, sources))
        found.append(Entry(purpose, owner, party, basis, retention, categories, identifiers, protected, keep_days))
    return found


def privacy_page(study: Study, edition: Edition, run_folder: Path) -> Mapping[str, str]:
    """Render the page in the current voice's language; its name and its HTML."""
    entries = processing_record(study)
    told = study.told("title")
    html = render_template(
        "privacy.html.j2",
        language=edition.language,
        title=told.get(edition.language, edition.title),
        day=edition.day,
        others=edition.other_languages,
        study=study.name,
        simulated=bool(study.simulated_tables),
        customers=_customers(study, edition.language),
        entries=entries,
        checks=checks(study, run_folder),
        every_category=list(dict.fromkeys(table for entry in entries for table in entry.categories)),
        purposes=_each(entry.purpose for entry in entries),
        bases=_each(entry.legal_basis for entry in entries),
        retentions=_each(entry.retention for entry in entries),
    )
    return {PRIVACY_PAGE: html}


def _customers(study: Study, language: str) -> str:
    if language == "zh":
        return study.zh.customer.many if study.zh and study.zh.customer else "客户"
    return study.customers


def _each(texts: Any) -> list[str]:
    return [data_text(text) for text in dict.fromkeys(texts)]
