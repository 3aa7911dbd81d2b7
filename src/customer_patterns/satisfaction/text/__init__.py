"""What customers write, in English and Chinese: languages, themes, praise and blame, topics, needs.

Words leave this room only as single words that ten writers or more use.
"""

from customer_patterns.satisfaction.text.examples import text_examples
from customer_patterns.satisfaction.text.figures import FINDINGS, READERS, with_language_names
from customer_patterns.satisfaction.text.needs import unmet_needs
from customer_patterns.satisfaction.text.reading import Reading, read_texts
from customer_patterns.satisfaction.text.tables import TABLES
from customer_patterns.satisfaction.text.themes import (
    text_languages,
    text_readings,
    text_themes,
    text_topics,
    themes_by_segment,
    told_themes,
)

__all__ = [
    "FINDINGS",
    "READERS",
    "TABLES",
    "Reading",
    "read_texts",
    "text_examples",
    "text_languages",
    "text_readings",
    "text_themes",
    "text_topics",
    "themes_by_segment",
    "told_themes",
    "unmet_needs",
    "with_language_names",
]
