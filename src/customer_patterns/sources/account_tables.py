"""The tables that say which sources there are and where their records are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources import codes
from customer_patterns.study import Study

if TYPE_CHECKING:
    pass


#: Reasons that no code stands for.
BEFORE_THE_STUDY = "before the first day of the study"


_TABLE = Column("table", "text", "the canonical table", label="Table", levels=tuple(CANONICAL))


_SOURCE = Column("source", "text", "the source's name in the study file", label="Source")


_RECORDS = Column("records", "integer", "how many records", label="Records", unit="records", minimum=0)


_COLUMN = Column("column", "text", "the delivered column it is about", label="Column", nullable=True)


SOURCES = TableSchema(
    name="sources",
    grain="delivered table of a source",
    key=("table", "source"),
    meaning="Which data came, from whom, and why they may be used: the study file's declarations.",
    columns=(
        _TABLE,
        _SOURCE,
        Column("provenance", "text", "real or simulated", label="Real or simulated", levels=("real", "simulated")),
        Column("owner", "text", "whose data it is", label="Owner"),
        Column(
            "party",
            "text",
            "first: collected by the owner of the study; third: by another",
            label="Party",
            levels=("first", "third"),
        ),
        Column("purpose", "text", "what it may be used for", label="Purpose"),
        Column("legal_basis", "text", "why it may be used", label="Legal basis"),
        Column("retention", "text", "how long it may be kept", label="Kept for"),
        Column("location", "text", "where the delivery lies", label="Delivery"),
    ),
)


DECLARATIONS = TableSchema(
    name="declarations",
    grain="declaration that one or several tables share",
    key=("tables",),
    meaning="Whose data they are and why they may be used, shown in the chapter.",
    columns=(
        Column("tables", "text", "the canonical tables", label="Tables", levels=tuple(CANONICAL)),
        *(SOURCES[name] for name in ("provenance", "owner", "party", "purpose", "legal_basis", "retention")),
    ),
)


ACCOUNT = TableSchema(
    name="account",
    grain="delivered table of a source",
    key=("table", "source"),
    meaning=(
        "Where every record known by the study's last day is now; records after it are counted nowhere. Delivered is "
        "kept + set aside + replaced + before the study, in records and in revenue; repaired ones are among the kept."
    ),
    columns=(
        _TABLE,
        _SOURCE,
        Column("files", "integer", "files known by the last day", label="Files", unit="files", minimum=0),
        Column("delivered", "integer", "records known by the last day", label="Delivered", unit="records", minimum=0),
        Column("set_aside", "integer", "records with a fault, in quarantine", label="Set aside", unit="records"),
        Column("replaced", "integer", "a later or corrected delivery counts", label="Replaced", unit="records"),
        Column("before_window", "integer", "set aside: before the first day", label="Before the study", unit="records"),
        Column("kept", "integer", "records that went on to cleaning", label="Kept", unit="records", minimum=0),
        Column("repaired", "integer", "the kept that were repaired", label="Repaired", unit="records", minimum=0),
        Column(
            "revenue_delivered", "money", "their revenue", label="Revenue delivered", unit="currency", nullable=True
        ),
        Column(
            "revenue_set_aside",
            "money",
            "revenue of those set aside, where it can be read",
            label="Revenue set aside",
            unit="currency",
            nullable=True,
        ),
        Column("revenue_kept", "money", "revenue of the kept", label="Revenue kept", unit="currency", nullable=True),
    ),
)


SET_ASIDE_REASONS = TableSchema(
    name="set_aside_reasons",
    grain="reason for which records of a source's table did not go on",
    key=("table", "source", "reason", "column"),
    meaning="Why records were set aside or replaced; an example shows letters as x and digits as 9.",
    columns=(
        _TABLE,
        _SOURCE,
        Column(
            "reason",
            "text",
            "why",
            label="Reason",
            levels=(*codes.words(("set aside", "replaced")), BEFORE_THE_STUDY),
        ),
        _COLUMN,
        _RECORDS,
        Column(
            "revenue", "money", "their revenue, where it can be read", label="Revenue", unit="currency", nullable=True
        ),
        Column("example", "text", "the shape of the first such value", label="Looks like", nullable=True),
    ),
)


REPAIR_REASONS = TableSchema(
    name="repair_reasons",
    grain="reason for which records were repaired or lines passed over",
    key=("table", "source", "reason", "column"),
    meaning="What was repaired in the kept records, and which lines held no record; a record may count for several.",
    columns=(
        _TABLE,
        _SOURCE,
        Column("reason", "text", "why", label="Reason", levels=codes.words(("repaired", "passed over"))),
        _COLUMN,
        _RECORDS,
    ),
)


LEFT_OUT = TableSchema(
    name="left_out",
    grain="delivered column that the contract does not name",
    key=("table", "source", "column"),
    meaning=(
        "What was delivered and not read, because nobody said what it is needed for; where one file delivers several "
        "tables, once."
    ),
    columns=(_TABLE, _SOURCE, Column("column", "text", "the delivered column", label="Column")),
)


QUARANTINE = TableSchema(
    name="quarantine",
    grain="fault of a record that was set aside",
    key=("table", "source", "file", "line", "code", "column"),
    meaning="The records that were set aside, as delivered, to be corrected. Never shown.",
    columns=(
        _TABLE,
        _SOURCE,
        Column("file", "text", "the delivered file"),
        Column("line", "integer", "where the record begins", minimum=0),
        Column("code", "text", "the reason"),
        Column("column", "text", "the delivered column with the fault", nullable=True),
        Column("detail", "text", "the shape of the value", nullable=True),
        Column("raw", "text", "the record as delivered, cut where it is long", nullable=True, personal=True),
        Column("revenue", "money", "its revenue, where it can be read", unit="currency", nullable=True),
        Column("at", "timestamp", "its moment, where it can be read", unit="UTC", nullable=True),
    ),
)


def source_list(study: Study) -> pd.DataFrame:
    """List the study's sources as declared: one row per delivered table of a source, by table."""
    rows = [{name: getattr(source, name) for name in SOURCES.names} for source in study.sources]
    return pd.DataFrame(rows, columns=SOURCES.names).sort_values(["table", "source"], ignore_index=True)


def declarations(sources: pd.DataFrame) -> pd.DataFrame:
    """Join the tables that are declared alike: one row per declaration, columns as in ``DECLARATIONS``."""
    alike = [name for name in DECLARATIONS.names if name != "tables"]
    joined = sources.groupby(alike, sort=False)["table"].agg(_each_once).reset_index(name="tables")
    return joined[DECLARATIONS.names].sort_values("tables", ignore_index=True)


def _each_once(tables: pd.Series) -> str:
    return ", ".join(dict.fromkeys(tables))
