"""Columns that several tables of who is leaving share, and what these rest on."""

from __future__ import annotations

from customer_patterns.schemas import Column, n_column

READS = ("order_lines", "products")

N = n_column("customers")

CUSTOMER = Column("customer_id", "text", "the customer's key")

RISK = Column("risk", "share", "probability to leave in part within the horizon", "Risk", "share", False, 0, 1)
