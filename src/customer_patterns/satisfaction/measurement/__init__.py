"""The measurement model: whether items measure what they are said to, and alike in all groups."""

from customer_patterns.satisfaction.measurement.confirm import Confirmed, confirm_dimensions
from customer_patterns.satisfaction.measurement.discriminant import discriminant_validity, named_pairs
from customer_patterns.satisfaction.measurement.figures import FINDINGS, READERS
from customer_patterns.satisfaction.measurement.held_out import held_out_wave
from customer_patterns.satisfaction.measurement.invariance import (
    invariance,
    say_where_incomparable,
    sheet_languages,
)
from customer_patterns.satisfaction.measurement.repurchase import held_out_repurchase
from customer_patterns.satisfaction.measurement.tables import TABLES

__all__ = [
    "FINDINGS",
    "READERS",
    "TABLES",
    "Confirmed",
    "confirm_dimensions",
    "discriminant_validity",
    "held_out_repurchase",
    "held_out_wave",
    "invariance",
    "named_pairs",
    "say_where_incomparable",
    "sheet_languages",
]
