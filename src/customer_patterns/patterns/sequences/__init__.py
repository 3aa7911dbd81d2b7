"""What is bought in order: sequences of visits, tested against the same visits in another order."""

from customer_patterns.patterns.sequences import tables
from customer_patterns.patterns.sequences.order import VisitOrder, followed
from customer_patterns.patterns.sequences.search import SequenceSearch, search_sequences
from customer_patterns.patterns.sequences.tables import SEQUENCE_TABLES
from customer_patterns.patterns.sequences.testing import against_order, against_parts, whole_sequences

__all__ = [
    "SEQUENCE_TABLES",
    "SequenceSearch",
    "VisitOrder",
    "against_order",
    "against_parts",
    "followed",
    "search_sequences",
    "tables",
    "whole_sequences",
]
