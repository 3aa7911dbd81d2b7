"""Delimited text: lines, records and fields, taken apart by one strict grammar at two speeds."""
