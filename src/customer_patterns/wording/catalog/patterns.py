"""Sentences of the patterns chapter."""

SENTENCES: dict[str, str] = {
    "patterns.read": "{tables} with {rows} were read",
    "patterns.sizes": "How large each table is",
    "patterns.sizes_title": "{tables} were read",
    "patterns.sizes_subtitle": "Rows per table, counted in full; {rows} in all",
    "patterns.source": "All tables that the stage reads, up to {as_of}",
}
