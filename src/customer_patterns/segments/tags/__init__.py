"""Tags: declared as data, each with definition, period, coverage and owner; who has them, and where they stand out."""

from customer_patterns.segments.tags.contrasts import tag_contrasts
from customer_patterns.segments.tags.counting import count_tags, who_has
from customer_patterns.segments.tags.entries import Tag, TagError
from customer_patterns.segments.tags.evaluating import evaluate_tags
from customer_patterns.segments.tags.registry import tag_registry
from customer_patterns.segments.tags.tagged import Tagged, tag_customers

__all__ = [
    "Tag",
    "TagError",
    "Tagged",
    "count_tags",
    "evaluate_tags",
    "tag_contrasts",
    "tag_customers",
    "tag_registry",
    "who_has",
]
