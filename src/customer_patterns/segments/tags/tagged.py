"""All about tags in one call: the registry, who has which, and where they are met more often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import pandas as pd

from customer_patterns.features.enough import empty
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.segments.tags.contrasts import tag_contrasts
from customer_patterns.segments.tags.counting import OTHER_KIND, OWN_KIND, count_tags, who_has
from customer_patterns.segments.tags.evaluating import evaluate_tags
from customer_patterns.segments.tags.registry import READABLE, tag_registry
from customer_patterns.segments.tags.tables import (
    BY_SEGMENT,
    BY_TIER,
    CONTRASTS,
    IN_USE,
    OTHER_CONTRASTS,
    OTHER_TAGS,
    TABLES,
    TAGS,
)

if TYPE_CHECKING:
    from customer_patterns.study import Study

#: Tables of this stage that groups were made from: a tag read from them restates the group, and is not compared.
RESTATING = ("customer_habits", "customer_lifecycle", "customer_segments")


@dataclass(frozen=True)
class Tagged:
    """What came of the registry.

    Attributes
    ----------
    tables
        Every table of :data:`~customer_patterns.segments.tags.tables.TABLES`, by name.
    held
        One row per customer, one column per tag: 1 has it, 0 has it not, -1 not known.
    """

    tables: dict[str, pd.DataFrame]
    held: pd.DataFrame

    @property
    def registry(self) -> pd.DataFrame:
        """Both tables of tags together."""
        return pd.concat([self.tables["tags"], self.tables["other_tags"]], ignore_index=True)


def tag_customers(
    tables: Mapping[str, ir.Table],
    made: Mapping[str, pd.DataFrame],
    segments: Sequence[str],
    tiers: Sequence[str],
    *,
    study: Study,
    last_day: date,
    simulated: frozenset[str],
    channels: ir.Table | None = None,
    false_discovery: float = 0.05,
) -> Tagged:
    """Read the registry, ask it of the tables, and compare segments and tiers by it.

    Parameters
    ----------
    tables
        Clean tables and those of earlier stages, by name.
    made
        The tables of this stage with a row per customer: ``customer_segments``, ``customer_habits``,
        ``customer_lifecycle``.
    segments, tiers
        The names of the groups, in order.
    study
        Whose data these are; what stands under ``tags`` in its file is added to the registry.
    last_day
        Last day that counts.
    simulated
        The tables that rest on simulated deliveries.
    channels
        One row per order whose channel is known, from whatever was delivered: ``order_id``, ``channel``. It stands in
        place of ``order_channels``, which many studies lack though the lines of their orders name a channel.
    false_discovery
        As in :func:`tag_contrasts`.

    Raises
    ------
    TagError
        For a registry that cannot be used.
    """
    there = {**{name: tables[name] for name in tables if name in READABLE or name in _BESIDE}, **made}
    if channels is not None:
        there["order_channels"] = _of_every_order(tables["orders"], channels)
    columns = {name: list(table.columns) for name, table in there.items()}
    tags = tag_registry(columns, added=study.tags, study_file=f"{study.name}.yaml")
    filled = {name for name, frame in made.items() if len(frame)}
    derived = {name for name, source in _DERIVED.items() if study.delivers(source)}
    has = filled | derived | {name for name in columns if study.delivers(name)}
    if channels is not None:
        (has.add if channels.limit(1).count().execute() else has.discard)("order_channels")
    delivered = frozenset(columns) & has
    people = tables["customers"].select("customer_id").to_pandas()["customer_id"].to_numpy(dtype=object)
    held = evaluate_tags(tags, there, people, last_day=last_day, time_zone=study.time_zone, delivered=delivered)
    counted = count_tags(
        held, tags, columns, first_day=study.first_day, last_day=last_day, simulated=simulated, sources=study,
        # Where a study is too short for a table of this stage, its tags are known of nobody; nothing is undelivered.
        delivered=delivered | (frozenset(made) if study.delivers("order_lines") else frozenset()),
    )  # fmt: skip
    grouped = made["customer_segments"].set_index("customer_id")
    groups = {BY_SEGMENT: grouped["segment"], BY_TIER: grouped["tier"]}
    levels = {BY_SEGMENT: list(segments), BY_TIER: list(tiers)}
    found: dict[str, pd.DataFrame] = {}
    for kind, about, who, contrasts in (
        (OWN_KIND, TAGS, "customer_tags", CONTRASTS),
        (OTHER_KIND, OTHER_TAGS, "customer_other_tags", OTHER_CONTRASTS),
    ):
        of_kind = counted[counted["kind"] == kind]
        found[about.name] = of_kind[about.names].reset_index(drop=True)
        found[who] = who_has(held, of_kind["tag"])
        restating = of_kind["tables"].map(lambda rests_on: any(name in rests_on.split(", ") for name in RESTATING))
        compared = of_kind.loc[(of_kind["verdict"] == IN_USE) & ~restating, "tag"].tolist()
        found[contrasts.name] = (
            tag_contrasts(held, groups, levels, compared, false_discovery=false_discovery)
            if compared
            else empty(contrasts)
        )
    return Tagged({name: found[name] for name in TABLES}, held)


def _of_every_order(orders: ir.Table, channels: ir.Table) -> ir.Table:
    """One row per order, its channel ``"unknown"`` where nothing says it: a share is one of all orders."""
    joined = orders.select("order_id").left_join(channels, "order_id")
    return joined.select("order_id", channel=joined.channel.fill_null(UNKNOWN))


#: Tables that no study delivers, since an earlier stage made them, and from what; and tables that only stand beside
#: others.
_DERIVED = {"orders": "order_lines"}
_BESIDE = ("campaigns", "products", "regions", "survey_items")
