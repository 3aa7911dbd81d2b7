"""The tables of contacts with the service: waits, ratings and complaints."""

from __future__ import annotations

from customer_patterns.satisfaction.tables.columns import answers, customers
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns

#: Waits for a first answer, from the shortest.
BANDS = (
    "within an hour",
    "within four hours",
    "within a day",
    "within three days",
    "later",
    "not answered yet",
)

RESPONSE_TIMES = TableSchema(
    name="response_times",
    grain="channel",
    key=("channel",),
    meaning="How long customers wait for a first answer of the service (Kaplan-Meier).",
    columns=(
        Column("channel", "text", "through which channel they turned to the service", label="Channel"),
        answers("contacts", "contacts", "Contacts"),
        customers("customers who turned to it"),
        Column(
            "waiting",
            "integer",
            "contacts without an answer so far",
            label="Not answered",
            unit="contacts",
            nullable=True,
            minimum=0,
        ),
        *estimate_columns("median_hours", "number", "hours until half are answered", "Median wait", "hours"),
        *estimate_columns(
            "slow_hours", "number", "hours until nine in ten are answered", "Nine in ten within", "hours"
        ),
        *estimate_columns("soon", "share", "share answered soon", "Answered soon"),
        SUPPRESSED,
    ),
    reads=("contacts",),
)

CONTACT_SATISFACTION = TableSchema(
    name="contact_satisfaction",
    grain="band of response times",
    key=("band",),
    meaning="How many are content with a contact (4 or 5 of 5), by how long they waited for an answer.",
    columns=(
        Column("band", "text", "how long they waited", label="First answer", levels=BANDS),
        Column("contacts", "integer", "contacts", "Contacts", "contacts", nullable=True, minimum=0),
        answers("contacts that were rated", "contacts", "Rated"),
        customers("customers who turned to the service"),
        *estimate_columns("content", "share", "share rated 4 or 5", "Content"),
        SUPPRESSED,
    ),
    reads=("contacts",),
)

FEWER, MORE, SAME_AS_BEFORE = CHANGES = ("fewer", "more", "as many")

COMPLAINT_TOPICS = TableSchema(
    name="complaint_topics",
    grain="topic of service contacts",
    key=("topic",),
    meaning="What the badly rated contacts are about, and whether they have become fewer.",
    columns=(
        Column("topic", "text", "what the contact was about", label="Topic"),
        Column("owner", "text", "who answers for it, as the setting says", "Responsible", nullable=True),
        answers("badly rated contacts", unit="contacts", label="Badly rated"),
        customers("customers who rated them"),
        Column("all_bad", "integer", "badly rated contacts about anything", "Of so many", "contacts", True, 0),
        *estimate_columns("share_of_bad", "share", "share of all badly rated contacts", "Of all"),
        Column("cumulative_share", "share", "with those above it", "Cumulative", "share", True, 0, 1),
        Column("before", "integer", "in the earlier half of the study", "Earlier half", "contacts", True, 0),
        Column("after", "integer", "in the later half", "Later half", "contacts", True, 0),
        *estimate_columns("change", "number", "later by earlier, per day", "Later by earlier"),
        Column("verdict", "text", "whether they have changed", "Now", "", True, levels=CHANGES),
        SUPPRESSED,
    ),
    reads=("contacts",),
)

#: The tables by name.
TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        RESPONSE_TIMES,
        CONTACT_SATISFACTION,
        COMPLAINT_TOPICS,
    )
}
