"""What a run's tables are searched for before they are published: nothing that the record of processing denies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from customer_patterns.cleaning.consent_rules import EXPIRED, REFUSES_ANALYSIS, REFUSES_TRACKING
from customer_patterns.privacy import is_pseudonym
from customer_patterns.privacy.categories import category_of
from customer_patterns.privacy.consent import ANALYSIS, MARKETING, TRACKING, refusing
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources import DeliveryError
from customer_patterns.sources.files import find_files
from customer_patterns.sources.files.places import REMOTE
from customer_patterns.sources.persons import HANDLES, is_personal, personal_columns, takes_pseudonym
from customer_patterns.warehouse import read_manifest
from customer_patterns.wording import translated

if TYPE_CHECKING:
    from customer_patterns.sources.raw import DeliveredFile
    from customer_patterns.study import Source, Study

#: The tables whose rules say what was left out.
_RULES = ("rules", "answer_rules", "other_rules")
_REFUSED = {ANALYSIS: REFUSES_ANALYSIS, TRACKING: REFUSES_TRACKING}
#: Lists of single customers by which somebody writes, calls or makes an offer. A stage that writes another adds it.
_LISTS = ("outlook/alerts", "patterns/customer_offers")


@dataclass(frozen=True)
class Check:
    """Something that was looked at in the run's tables: what, whether it is as it must be, what was found."""

    what: str
    passed: bool
    found: str = field(default="")


def checks(study: Study, run_folder: Path) -> list[Check]:
    """Look into a run's tables for what the record promises.

    Parameters
    ----------
    study
        The study.
    run_folder
        The folder of the run; stages that are not there are not looked at.
    """
    open_values = _identifiers_in_the_open(run_folder) + _handles_in_the_open(study, run_folder)
    found = [
        Check(
            translated("No direct identifier lies open in a table"),
            not open_values,
            ", ".join(open_values) or translated("only pseudonyms where names, numbers or addresses would stand"),
        )
    ]
    left_out = _left_out(run_folder)
    found += _refusals(run_folder, left_out) if study.delivers("consents") else _nobody_asked()
    if any(source.keep_days for source in study.sources):
        counted = translated("{records} records left out").format(records=f"{left_out[EXPIRED]:,}")
        found.append(Check(translated("No record is older than it may be kept"), True, counted))
    protected = sorted({c for s in study.sources for n in s.delivered_columns.values() if (c := category_of(n))})
    unsaid = [category for category in protected if category not in study.protected]
    listed = ", ".join(protected) or translated("none was delivered")
    found.append(
        Check(translated("Protected categories are refused unless their basis is declared"), not unsaid, listed)
    )
    return found + _deliveries(study)


def _nobody_asked() -> list[Check]:
    said = translated("no consents were delivered: nobody is known to refuse")
    return [Check(what, True, said) for what in _promises().values()]


def _promises() -> dict[str, str]:
    """What is promised to those who refuse a purpose."""
    return {
        ANALYSIS: translated("Who refuses analysis is in no table of an analysis"),
        TRACKING: translated("Who refuses tracking is followed on no visit; purchases stay"),
        MARKETING: translated("Who refuses marketing is on no list of whom to call or what to offer"),
    }


def _refusals(run_folder: Path, left_out: Mapping[str, int]) -> list[Check]:
    """Look for those who refuse in the tables where they may not be."""
    after_clean = [folder for folder in sorted(run_folder.iterdir()) if folder.name not in ("collect", "clean")]
    tables = {
        ANALYSIS: [path for folder in after_clean for path in sorted(folder.glob("*.parquet"))],
        TRACKING: [run_folder / "clean" / "events.parquet"],
        MARKETING: [run_folder / f"{name}.parquet" for name in _LISTS],
    }
    found = []
    for purpose, what in _promises().items():
        who = refusing_customers(run_folder, purpose)
        hits = [f"{path.parent.name}.{path.stem}" for path in tables[purpose] if customers_in(path) & who]
        if purpose in _REFUSED:
            counted = translated("{records} records left out").format(records=f"{left_out[_REFUSED[purpose]]:,}")
        else:
            counted = translated("nobody of those who refuse is on one")
        found.append(Check(what, not hits, ", ".join(hits) or counted))
    return found


def refusing_customers(run_folder: Path, purpose: str) -> set[str]:
    """Return who refuses a purpose by the consents that a run took in, before anything was left out."""
    import ibis

    path = run_folder / "collect" / "consents.parquet"
    if not path.is_file():
        return set()
    return set(refusing(ibis.read_parquet(path), purpose).to_pyarrow()["customer_id"].to_pylist())


def customers_in(path: Path) -> set[str]:
    """Return the customers of a table's rows; none of a table that is not there or is not about single ones."""
    import pyarrow.parquet as pq

    if not path.is_file() or "customer_id" not in pq.read_schema(path).names:
        return set()
    return set(pq.read_table(path, columns=["customer_id"])["customer_id"].unique().to_pylist())


def _deliveries(study: Study) -> list[Check]:
    """Whether others can read the delivered files that hold identifiers: they stay as they came."""
    named = [source for source in study.sources if is_personal(source) and source.provenance == "real"]
    files = [file.path for source in named if source.reader not in ("package", *REMOTE) for file in _files_of(source)]
    if not named:
        return []
    open_to = sorted({path.name for path in files if path.stat().st_mode & 0o077})
    kept = translated("they hold them as they came; keep them on an encrypted disk")
    said = translated("others can read {files}; take that right away (chmod 600)").format(files=", ".join(open_to))
    what = translated("Delivered files with identifiers can be read by their owner only")
    return [Check(what, not open_to, said if open_to else kept)]


def _files_of(source: Source) -> Sequence[DeliveredFile]:
    try:
        return find_files(source)
    except DeliveryError:  # taken away after it was read, as it may be
        return ()


def _identifiers_in_the_open(run_folder: Path) -> list[str]:
    """The columns of a run's tables in which an identifier stands that is no pseudonym."""
    import pyarrow.parquet as pq

    direct = {column.name for schema in CANONICAL.values() for column in schema.columns if column.personal}
    found = []
    for path in sorted(run_folder.glob("*/identities.parquet")):
        table = pq.read_table(path)
        for name in personal_columns(table.column_names):
            values = table[name].unique().to_pylist()
            if not all(value is None or is_pseudonym(value) for value in values):
                found.append(f"{path.parent.name}.identities.{name}")
    for folder in sorted(path for path in run_folder.iterdir() if (path / "manifest.json").is_file()):
        for name, entry in read_manifest(folder)["tables"].items():
            if name != "identities":
                found += [
                    f"{folder.name}.{name}.{column}" for column in entry["columns"] if column in direct - {"name"}
                ]
    return found


def _handles_in_the_open(study: Study, run_folder: Path) -> list[str]:
    """The columns of a run's tables in which an author's name stands although a pseudonym takes its place."""
    import pyarrow.parquet as pq

    found = []
    for handle in sorted(HANDLES):
        origins = [source.columns[handle] for source in study.sources if handle in source.columns]
        if not origins or not all(takes_pseudonym(handle, origin) for origin in origins):
            continue  # (a study file may say that they are public)
        for path in sorted(run_folder.glob("*/*.parquet")):
            if handle in pq.read_schema(path).names:
                values = pq.read_table(path, columns=[handle])[handle].unique().to_pylist()
                if not all(value is None or is_pseudonym(value) for value in values):
                    found.append(f"{path.parent.name}.{path.stem}.{handle}")
    return found


def _left_out(run_folder: Path) -> dict[str, int]:
    """How many records each rule of privacy left out."""
    import pyarrow.parquet as pq

    counts = dict.fromkeys((*_REFUSED.values(), EXPIRED), 0)
    for name in _RULES:
        path = run_folder / "clean" / f"{name}.parquet"
        if path.is_file():
            for row in pq.read_table(path, columns=["rule", "records_found"]).to_pylist():
                if row["rule"] in counts:
                    counts[row["rule"]] += row["records_found"]
    return counts
