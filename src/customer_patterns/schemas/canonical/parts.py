"""Columns as the canonical tables need them."""

from __future__ import annotations

from customer_patterns.schemas.table import Column


def id_of(name: str, meaning: str) -> Column:
    """Return a key: always there, always text, so that leading zeros count."""
    return Column(name, "text", meaning)


def some_id(name: str, meaning: str) -> Column:
    """Return the key of something that may not be known."""
    return Column(name, "text", meaning, nullable=True)


def level(name: str, meaning: str, label: str = "", *, levels: tuple[str, ...] = ()) -> Column:
    """Return one of a few texts, which may be missing; ``levels`` where the list is closed."""
    return Column(name, "text", meaning, label=label, nullable=True, levels=levels)


def moment(name: str, meaning: str) -> Column:
    """Return when something happened, in UTC."""
    return Column(name, "timestamp", meaning, unit="UTC")


def later(name: str, meaning: str) -> Column:
    """Return when something happened that may not have happened, in UTC."""
    return Column(name, "timestamp", meaning, unit="UTC", nullable=True)


def day(name: str, meaning: str, *, nullable: bool = False) -> Column:
    """Return a day on the customer's own calendar."""
    return Column(name, "date", meaning, unit="local day", nullable=nullable)


def direct(name: str, meaning: str) -> Column:
    """Return a direct identifier of a person, which no analysis may meet."""
    return Column(name, "text", meaning, nullable=True, personal=True)
