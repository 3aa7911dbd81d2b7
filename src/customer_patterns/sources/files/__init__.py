"""Delivered files before any format: where they lie, whether they are whole, how they unpack, their letters."""

from customer_patterns.sources.files.integrity import sent_digests
from customer_patterns.sources.files.places import delivered_files, find_files, locate, parts_of_location
from customer_patterns.sources.files.unpacking import open_bytes

__all__ = ["delivered_files", "find_files", "locate", "open_bytes", "parts_of_location", "sent_digests"]
