"""The tables about the bases on which the same customers can be segmented."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: The bases that a study may have; what customers think joins where answers are read.
DEMOGRAPHIC, GEOGRAPHIC, ATTITUDE = BASES = ("demographic", "geographic", "attitude")

#: What of customers is demographic, what geographic, by column.
DEMOGRAPHICS = (
    "age_group",
    "income_group",
    "household_size",
    "household_composition",
    "children",
    "marital_status",
    "home_ownership",
    "gender",
    "occupation",
    "education",
    "lifestyle",
)
GEOGRAPHICS = ("area_type", "region_name", "city")
ATTRIBUTES = tuple(name.replace("_", " ") for name in (*DEMOGRAPHICS, *GEOGRAPHICS))

#: What customers do, by which they are grouped elsewhere in the chapter.
SEGMENT, LEVEL, STAGE = BEHAVIORS = ("segments", "value levels", "stages of life")

#: What can be said of two ways to group.
RELATED, BY_CHANCE, FEW = VERDICTS = ("more than chance", "no more than chance", "not enough data")

_BASIS = Column("basis", "text", "the basis", "Basis", levels=BASES)
_ATTRIBUTE = Column("attribute", "text", "what is known about customers", "Attribute", levels=ATTRIBUTES)
_BEHAVIOR = Column("behavior", "text", "grouping by what customers do", "Compared with", levels=BEHAVIORS)


def _agreement(name: str, what: str, reads: tuple[str, ...]) -> TableSchema:
    return TableSchema(
        name=name,
        grain="attribute and grouping by behavior",
        key=("attribute", "behavior"),
        meaning=f"How far {what} groups the same customers as their behavior does.",
        reads=reads,
        columns=(
            _BASIS,
            _ATTRIBUTE,
            _BEHAVIOR,
            n_column("customers of whom both are known"),
            Column("levels", "integer", "levels of the attribute", "Levels", "values", minimum=2),
            *estimate_columns(
                "adjusted_rand",
                "number",
                "adjusted Rand index: one where both are the same, zero where they agree as by chance",
                "Adjusted Rand",
                signed=True,
            ),
            *estimate_columns(
                "cramers_v",
                "number",
                "Cramér's V, corrected for chance: one where one tells the other, zero where it tells nothing",
                "Cramér's V",
            ),
            Column("p", "number", "p: how seldom shuffled customers agree as well", "p", "", True, 0, 1),
            Column("p_yekutieli", "number", "adjusted over all rows", "p adjusted", "", True, 0, 1),
            Column("verdict", "text", "what came of it", "Agreement", levels=VERDICTS),
        ),
    )


def _levels(name: str, what: str, reads: tuple[str, ...]) -> TableSchema:
    return TableSchema(
        name=name,
        grain="attribute, level, grouping by behavior and its group",
        key=("attribute", "level", "behavior", "group"),
        meaning=f"Cross-tables of {what} and behavior.",
        reads=reads,
        columns=(
            _BASIS,
            _ATTRIBUTE,
            Column("level", "text", "level of the attribute", "Value"),
            _BEHAVIOR,
            Column("group", "text", "group by behavior", "Group"),
            n_column("customers in both"),
            Column("customers", "integer", "customers of the level", "All of the level", "customers", minimum=0),
            *estimate_columns("share_of_level", "share", "share of the level", "Of the level"),
            SUPPRESSED,
        ),
    )


_READS = ("customers", "orders", "order_lines", "products")
_PLACES = (*_READS, "customer_traits", "regions")

BASIS_AGREEMENT = _agreement("basis_agreement", "what is known of who they are", _READS)
AREA_AGREEMENT = _agreement("area_agreement", "where they live", _PLACES)
BASIS_LEVELS = _levels("basis_levels", "who customers are", _READS)
AREA_LEVELS = _levels("area_levels", "where customers live", _PLACES)

TABLES: dict[str, TableSchema] = {
    schema.name: schema for schema in (BASIS_AGREEMENT, AREA_AGREEMENT, BASIS_LEVELS, AREA_LEVELS)
}
