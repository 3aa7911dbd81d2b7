"""Sentences of the segments chapter."""

SENTENCES: dict[str, str] = {
    "segments.read": "{tables} with {rows} were read",
    "segments.sizes": "How large each table is",
    "segments.sizes_title": "{tables} were read",
    "segments.sizes_subtitle": "Rows per table, counted in full; {rows} in all",
    "segments.source": "All tables that the stage reads, up to {as_of}",
}
