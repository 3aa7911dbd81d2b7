"""What customers say: surveys, contacts with the service, calls, feedback in words and how it was coded."""

from __future__ import annotations

from customer_patterns.schemas.canonical.parts import id_of, later, level, moment, some_id
from customer_patterns.schemas.table import Column, TableSchema

#: What an item asks for: one of the dimensions, contentment overall, whether one recommends, or how easy it was.
ITEM_ROLES = ("dimension", "overall", "recommendation", "effort")
#: Where a text comes from.
SOURCE_TYPES = (
    "review",
    "post",
    "comment",
    "interview",
    "focus_group",
    "observation",
    "mystery_shopper",
    "co_creation",
    "note",
)
#: What a code says about a text.
CODE_KINDS = ("motivation", "opinion", "attitude", "theme")

SURVEY_ITEMS = TableSchema(
    name="survey_items",
    grain="item (question) of the survey",
    key=("item_id",),
    meaning="What the survey asks, on which scale, and which dimension it is about. Undated: as delivered.",
    columns=(
        id_of("item_id", "the item's key"),
        Column("role", "text", "what the item asks for", levels=ITEM_ROLES),
        level("dimension", "which dimension of satisfaction it is about; empty for overall and recommendation"),
        level("wording_en", "the question in English"),
        level("wording_zh", "the question in Chinese"),
        Column("scale_low", "integer", "lowest answer possible"),
        Column("scale_high", "integer", "highest answer possible"),
        Column("direction", "text", "whether a high answer is good or bad", levels=("positive", "reversed")),
    ),
)

SURVEY_INVITATIONS = TableSchema(
    name="survey_invitations",
    grain="customer in a wave",
    key=("wave", "customer_id"),
    meaning="Who was asked to answer, in which wave.",
    columns=(
        id_of("wave", "the wave's name"),
        id_of("customer_id", "who was asked"),
        moment("invited_at", "when"),
        level("channel", "how they were asked"),
    ),
)

SURVEY_SHEETS = TableSchema(
    name="survey_sheets",
    grain="answer sheet of a customer in a wave",
    key=("wave", "customer_id"),
    meaning="When and how each answer sheet was filled in.",
    columns=(
        id_of("wave", "the wave's name"),
        id_of("customer_id", "who answered"),
        later("started_at", "when the sheet was opened"),
        moment("submitted_at", "when it was handed in"),
        level("device", "on which kind of device"),
        level("language", "in which language, ISO 639-1"),
        Column("duration_seconds", "number", "time spent", unit="seconds", nullable=True, minimum=0),
        Column("weight", "number", "what the sheet counts for, as the sender weighs it", nullable=True, minimum=0),
    ),
)

SURVEY_RESPONSES = TableSchema(
    name="survey_responses",
    grain="answer to an item by a customer in a wave",
    key=("wave", "customer_id", "item_id"),
    meaning="What was answered. An item that was passed over has no row, or an empty answer.",
    columns=(
        id_of("wave", "the wave's name"),
        id_of("customer_id", "who answered"),
        id_of("item_id", "to which item"),
        moment("answered_at", "when"),
        Column("answer", "integer", "the answer on the item's own scale, as given", nullable=True),
    ),
)

CONTACTS = TableSchema(
    name="contacts",
    grain="contact with the service",
    key=("contact_id",),
    meaning="Who turned to the service, about what, and how soon it answered.",
    columns=(
        id_of("contact_id", "the contact's key"),
        some_id("customer_id", "who turned to the service"),
        level("channel", "through which channel"),
        level("topic", "about what, as the agent filed it"),
        moment("opened_at", "when the customer asked"),
        later("first_response_at", "when someone first answered"),
        later("closed_at", "when the matter was closed"),
        some_id("agent_id", "who dealt with it"),
        later("rated_at", "when the customer rated the contact"),
        Column("csat", "integer", "that rating, 1 (worst) to 5", nullable=True, minimum=1, maximum=5),
    ),
)

CALLS = TableSchema(
    name="calls",
    grain="telephone call",
    key=("call_id",),
    meaning="Calls with the service: what was measured in the sound, and what was said.",
    columns=(
        id_of("call_id", "the call's key"),
        some_id("contact_id", "the contact it belongs to"),
        some_id("customer_id", "who called"),
        some_id("agent_id", "who answered"),
        moment("started_at", "when it began"),
        Column("duration_seconds", "number", "how long it took", unit="seconds", nullable=True, minimum=0),
        Column("talk_share", "share", "share of the time in which the agent spoke", "", "share", True, 0, 1),
        Column("silence_share", "share", "share of the time in which nobody spoke", "", "share", True, 0, 1),
        Column("pitch_variation", "number", "how much the customer's pitch varied", nullable=True, minimum=0),
        Column("language", "text", "of the call, ISO 639-1", nullable=True),
        Column(
            "transcript", "text", "what was said; may name persons, so it is never shown as it stands", nullable=True
        ),
    ),
)

FEEDBACK = TableSchema(
    name="feedback",
    grain="text that a customer wrote",
    key=("feedback_id",),
    meaning="What customers wrote in their own words, and notes of what they said. Likes and shares: as delivered.",
    columns=(
        id_of("feedback_id", "the text's key"),
        some_id("customer_id", "who wrote it"),
        moment("written_at", "when"),
        level("channel", "where it was written"),
        Column("language", "text", "of the text, ISO 639-1", nullable=True),
        Column("rating", "integer", "stars given with it, 1 (worst) to 5", nullable=True, minimum=1, maximum=5),
        Column(
            "text", "text", "the text, as written; may name persons, so it is never shown as it stands", nullable=True
        ),
        some_id("product_id", "about which product"),
        level("source_type", "where the text comes from", "Source", levels=SOURCE_TYPES),
        some_id("author_key", "its author where no customer is known"),
        some_id("reply_to", "the text that it answers"),
        Column("likes", "integer", "how many liked it", unit="likes", nullable=True, minimum=0),
        Column("shares", "integer", "how many passed it on", unit="shares", nullable=True, minimum=0),
    ),
)

FEEDBACK_CODES = TableSchema(
    name="feedback_codes",
    grain="code that a reader gave a text",
    key=("feedback_id", "coder", "code"),
    meaning="What readers saw in the texts; several may code one text.",
    columns=(
        id_of("feedback_id", "the text"),
        id_of("coder", "who read it"),
        Column("kind", "text", "what the code says about the text", levels=CODE_KINDS),
        Column("code", "text", "the code"),
        later("coded_at", "when"),
    ),
)
