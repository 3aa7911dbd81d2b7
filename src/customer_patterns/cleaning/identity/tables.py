"""The tables of who is who that the stage ``clean`` writes."""

from __future__ import annotations

from customer_patterns.cleaning.identity.fields import DIFFERENT, LEVELS, MISSING
from customer_patterns.cleaning.identity.ids import KEPT, MERGED, NEW, SPLIT
from customer_patterns.cleaning.identity.keys import KEYS, NOBODYS, OWN, SHARED
from customer_patterns.cleaning.identity.resolve import ALIKE, DECIDED, WAYS
from customer_patterns.schemas import Column, TableSchema

#: How a reader calls the fields that are compared.
FIELDS = {
    "name": "Name",
    "email": "E-mail address",
    "phone": "Telephone number",
    "birthday": "Day of birth",
    "address": "Postal address",
    "postcode": "Postal code",
    "card": "Card",
    "handle": "Handle in a social network",
}
BEFORE = "Before comparing"
_AGREEMENTS = tuple(
    dict.fromkeys([*(label for levels in LEVELS.values() for label, _, _ in levels), DIFFERENT, MISSING, "prior"])
)
_READS = ("identities",)

PROFILES = TableSchema(
    name="profiles",
    grain="customer number of a system",
    key=("customer_id",),
    meaning="Whose each record is: one profile per person. No name, number or address of a person stands here.",
    reads=_READS,
    columns=(
        Column("customer_id", "text", "the record's own number"),
        Column("profile_id", "text", "the number of the person's profile, that of the oldest record"),
        Column("system", "text", "the system that keeps the record", nullable=True),
        Column("former_id", "text", "the profile's number in the register of former runs", nullable=True),
        Column("change", "text", "what became of it since", levels=(KEPT, MERGED, SPLIT, NEW)),
    ),
)

WAYS_JOINED = TableSchema(
    name="merge_ways",
    grain="way in which records were joined",
    key=("way",),
    meaning="By what records of one person were joined, each pair by its strongest way.",
    reads=_READS,
    columns=(
        Column("way", "text", "by what", label="Joined by", levels=(*WAYS.values(), ALIKE, DECIDED)),
        Column(
            "pairs",
            "integer",
            "pairs of records",
            label="Pairs of records",
            unit="pairs of records",
            nullable=True,
            minimum=0,
        ),
        Column(
            "records", "integer", "different records in them", label="Records", unit="records", nullable=True, minimum=0
        ),
    ),
)

SHARED_KEYS = TableSchema(
    name="shared_keys",
    grain="field and what its values are",
    key=("field", "kind"),
    meaning="Values that several records hold: whether they are one person's own, shared, or nobody's.",
    reads=_READS,
    columns=(
        Column("field", "text", "the field", label="Field", levels=tuple(FIELDS[key] for key in KEYS)),
        Column("kind", "text", "what the values are", label="Values are", levels=(OWN, SHARED, NOBODYS)),
        Column("values", "integer", "different values", label="Values", unit="values", minimum=0),
        Column("records", "integer", "records that hold them", label="Records", unit="records", minimum=0),
    ),
)

MATCH_WEIGHTS = TableSchema(
    name="match_weights",
    grain="range of match weights",
    key=("bits",),
    meaning="How much the compared pairs speak for one person: the weight of all fields together.",
    reads=_READS,
    columns=(
        Column("bits", "number", "lower end of the range", label="Match weight", unit="bits"),
        Column(
            "pairs",
            "integer",
            "compared pairs of records in it",
            label="Pairs of records",
            unit="pairs of records",
            minimum=0,
        ),
    ),
)

MERGE_PATTERN = TableSchema(
    name="merge_pattern",
    grain="step of the sum of a match weight",
    key=("position",),
    meaning="What the commonest kind of likeness adds up to, field by field, on average over its pairs.",
    reads=_READS,
    columns=(
        Column("position", "integer", "order of the steps", label="No.", minimum=1),
        Column("field", "text", "what is compared", label="Field", levels=(BEFORE, *FIELDS.values())),
        Column("agreement", "text", "how far it agrees", label="Agreement", levels=_AGREEMENTS),
        Column("bits", "number", "what it adds", label="Adds", unit="bits"),
        Column("total", "number", "the sum so far", label="Sum so far", unit="bits"),
        Column("pairs", "integer", "pairs of this kind", label="Pairs of records", unit="pairs of records", minimum=0),
    ),
)

VISITORS = TableSchema(
    name="visitor_links",
    grain="way in which an event has a customer",
    key=("way",),
    meaning="How much of what is done on the web and in the app has a customer, and by which rule.",
    reads=("events",),
    columns=(
        Column(
            "way",
            "text",
            "by which rule",
            label="Whose it is",
            levels=(
                "the customer said so",
                "one customer alone used the browser",
                "one customer alone registered in the browser",
                "one customer alone in the visit",
                "several customers used the browser: nobody's",
                "nobody ever said so in the browser",
            ),
        ),
        Column("events", "integer", "events", label="Number of events", unit="events", nullable=True, minimum=0),
        Column("share", "share", "share of all events", label="Share of events", unit="share", nullable=True),
        Column(
            "browsers", "integer", "different browsers", label="Browsers", unit="browsers", nullable=True, minimum=0
        ),
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema for schema in (PROFILES, WAYS_JOINED, SHARED_KEYS, MATCH_WEIGHTS, MERGE_PATTERN, VISITORS)
}
