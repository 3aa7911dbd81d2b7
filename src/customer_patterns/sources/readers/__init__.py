"""Readers: each knows one format and hands on records as they were delivered."""

from __future__ import annotations

import importlib

from customer_patterns.sources.files import delivered_files, locate
from customer_patterns.sources.raw import DeliveryError, Reading

#: The module of each reader, imported when it is first needed: a workbook's libraries are no business of a CSV file.
MODULES: dict[str, str] = {
    "package": "parquet",
    "parquet": "parquet",
    "csv": "csv",
    "json": "json",
    "jsonl": "json",
    "excel": "excel",
    "sql": "sql",
    "api": "api",
}

__all__ = ["MODULES", "DeliveryError", "delivered_files", "locate", "reader"]


def reader(name: str) -> Reading:
    """Return the function that reads a format: ``read(backend, source, files) -> Raw``."""
    return importlib.import_module(f"{__name__}.{MODULES[name]}").read
