"""What customers do on the web, in an app and with a product, before and beside buying."""

from __future__ import annotations

from customer_patterns.schemas.canonical.parts import id_of, level, moment, some_id
from customer_patterns.schemas.table import Column, TableSchema

EVENTS = TableSchema(
    name="events",
    grain="event on the web or in the app",
    key=(),
    meaning="What visitors did, page by page; without a customer's key they are anonymous visitors.",
    columns=(
        some_id("event_id", "the event's key"),
        some_id("visitor_id", "the browser or device"),
        some_id("customer_id", "the customer, where logged in"),
        some_id("session_id", "the visit, as the sender numbered it"),
        moment("occurred_at", "when"),
        Column("event_type", "text", "what happened: page view, click, search, add to cart …"),
        level("page", "on which page"),
        some_id("product_id", "about which product"),
        level("search_term", "what was searched for; may name persons, so it is never shown as it stands"),
        level("device", "on which kind of device"),
        level("user_agent", "what the browser called itself"),
        level("channel", "web, app …"),
        level("referrer", "where the visitor came from"),
        Column("dwell_seconds", "number", "time spent", unit="seconds", nullable=True, minimum=0),
        some_id("order_id", "the order it led to"),
    ),
)

USAGE = TableSchema(
    name="usage",
    grain="use of a product or service",
    key=(),
    meaning="What customers used, and how much of it.",
    columns=(
        id_of("customer_id", "who"),
        moment("used_at", "when"),
        level("feature", "which part of the product"),
        some_id("product_id", "which product"),
        Column("amount", "number", "how much, in the row's unit", nullable=True),
        level("unit", "of the amount"),
    ),
)
