"""Sentences of the satisfaction chapter."""

SENTENCES: dict[str, str] = {
    "satisfaction.read": "{tables} with {rows} were read",
    "satisfaction.sizes": "How large each table is",
    "satisfaction.sizes_title": "{tables} were read",
    "satisfaction.sizes_subtitle": "Rows per table, counted in full; {rows} in all",
    "satisfaction.source": "All tables that the stage reads, up to {as_of}",
}
