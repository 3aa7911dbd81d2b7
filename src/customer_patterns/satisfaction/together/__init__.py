"""Survey, service, calls and reviews beside each other: where they agree, and one picture of each customer."""

from customer_patterns.satisfaction.together.agreement import source_agreement, source_levels, spearman
from customer_patterns.satisfaction.together.figures import FINDINGS, READERS, named_pairs
from customer_patterns.satisfaction.together.picture import customer_picture
from customer_patterns.satisfaction.together.portraits import segment_portraits
from customer_patterns.satisfaction.together.tables import TABLES
from customer_patterns.satisfaction.together.themes import theme_agreement, topics_of_dimensions
from customer_patterns.satisfaction.together.voices import voices

__all__ = [
    "FINDINGS",
    "READERS",
    "TABLES",
    "customer_picture",
    "named_pairs",
    "segment_portraits",
    "source_agreement",
    "source_levels",
    "spearman",
    "theme_agreement",
    "topics_of_dimensions",
    "voices",
]
