"""The standard: what is measured and why, the usual indices, and scores that stay comparable when a scale changes."""

from customer_patterns.satisfaction.standard.acsi import acsi_index, outer_weights
from customer_patterns.satisfaction.standard.carried import added_error, link_error, scale_bridges
from customer_patterns.satisfaction.standard.equating import equipercentile, linear
from customer_patterns.satisfaction.standard.figures import READERS
from customer_patterns.satisfaction.standard.indices import standard_indices
from customer_patterns.satisfaction.standard.joined import Replaced, join_scales
from customer_patterns.satisfaction.standard.measured import in_words, measured_dimensions
from customer_patterns.satisfaction.standard.tables import TABLES
from customer_patterns.satisfaction.standard.thresholds import part_above, with_parts

__all__ = [
    "READERS",
    "TABLES",
    "Replaced",
    "acsi_index",
    "added_error",
    "equipercentile",
    "in_words",
    "join_scales",
    "linear",
    "link_error",
    "measured_dimensions",
    "outer_weights",
    "part_above",
    "scale_bridges",
    "standard_indices",
    "with_parts",
]
