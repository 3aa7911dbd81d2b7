"""The tables about clusters: whether each is found again, and whether other methods see them."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: The methods, ours first.
KMEANS, MIXTURE, DENSITY = METHODS = ("k-means", "Gaussian mixture", "density-based (HDBSCAN)")

#: How well a cluster is found again.
STABLE, DOUBTFUL, DISSOLVED = READINGS = ("found again", "doubtful", "falls apart")

_HABITS = ("orders", "order_lines", "products")

CLUSTERING_METHODS = TableSchema(
    name="clustering_methods",
    grain="method",
    key=("method",),
    meaning="What three methods make of the same customers, and how far they agree with the segments.",
    reads=_HABITS,
    columns=(
        Column("method", "text", "how customers were grouped", "Method", levels=METHODS),
        Column("groups", "integer", "groups it makes", "Groups", minimum=0),
        Column("n", "integer", "customers", "Customers", "customers", minimum=0),
        *estimate_columns("unassigned", "share", "share of the customers it puts into no group", "In none"),
        Column(
            "stability",
            "share",
            "how well its groups are found again in random halves (Jaccard)",
            "Found again",
            nullable=True,
        ),
        *estimate_columns(
            "adjusted_rand",
            "number",
            "agreement with the segments over whom it puts into a group; one where they are the same",
            "Agreement",
            signed=True,
        ),
    ),
)

SEGMENT_STABILITY = TableSchema(
    name="segment_stability",
    grain="segment",
    key=("segment",),
    meaning="How well each segment is found again when customers are drawn anew.",
    reads=_HABITS,
    columns=(
        Column("place", "integer", "place in the order of the table", label="No.", minimum=1),
        Column("segment", "text", "the segment's computed name", label="Segment"),
        n_column("customers in the segment"),
        Column("jaccard", "share", "mean similarity to the most similar of new segments", "Found again"),
        Column("jaccard_from", "share", "the lowest twentieth of the draws lies below", "Draws from"),
        Column("jaccard_to", "share", "the highest twentieth of the draws lies above", "Draws to"),
        Column("dissolved", "share", "share of draws in which less than half of it is found again", "Falls apart"),
        Column("null_mean", "share", "the same in clouds without clusters, mean", "In clouds"),
        Column("reading", "text", "what that means", "Reading", levels=READINGS),
        SUPPRESSED,
    ),
)

TABLES = {table.name: table for table in (CLUSTERING_METHODS, SEGMENT_STABILITY)}
