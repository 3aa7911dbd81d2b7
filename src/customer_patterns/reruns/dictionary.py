"""The data dictionary: every table that a stage writes, with its grain, key and columns, from the schemas."""

from __future__ import annotations

import os
from pathlib import Path

from customer_patterns.schemas import Column, Refusal, TableSchema
from customer_patterns.stage import schemas_of, stage_names
from customer_patterns.study import project_root

BEGIN = "<!-- dictionary: begin -->"
END = "<!-- dictionary: end -->"


class DictionaryError(Refusal):
    """``data/README.md`` has no place for the dictionary."""


def dictionary_path() -> Path:
    """Return the page that holds the dictionary."""
    return project_root() / "data" / "README.md"


def write_dictionary() -> Path:
    """Write the dictionary between its marks in ``data/README.md``; return that path.

    Raises
    ------
    DictionaryError
        Where the marks are not there.
    """
    path = dictionary_path()
    fresh = path.with_name(f".{path.name}.fresh")
    fresh.write_text(with_dictionary(path.read_text(encoding="utf-8")), encoding="utf-8")
    os.replace(fresh, path)
    return path


def with_dictionary(page: str) -> str:
    """Return the page with the dictionary of today's schemas in its place; everything else is as it was."""
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise DictionaryError(f"data/README.md must have the lines {BEGIN} and {END} once each, in this order")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{dictionary()}\n{END}{after}"


def dictionary() -> str:
    """Return the dictionary as Markdown: stages in order, their tables by name."""
    parts = []
    for stage in stage_names():
        parts.append(f"### Tables of `{stage}`\n")
        parts += [_table(schema) for _, schema in sorted(schemas_of(stage).items())]
    return "\n".join(parts)


def _table(schema: TableSchema) -> str:
    key = f"key {', '.join(f'`{name}`' for name in schema.key)}" if schema.key else "no key"
    lines = [
        f"#### `{schema.name}`\n",
        f"One row per {schema.grain}; {key}. {schema.meaning}".rstrip() + "\n",
        "| column | kind | unit | range | meaning |",
        "|---|---|---|---|---|",
        *(_row(column) for column in schema.columns),
    ]
    return "\n".join(lines) + "\n"


def _row(column: Column) -> str:
    kind = f"{column.kind}, may be missing" if column.nullable else column.kind
    cells = (f"`{column.name}`", kind, column.unit, _range(column), column.meaning)
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _range(column: Column) -> str:
    if column.levels:
        return ", ".join(column.levels)
    low = "" if column.minimum is None else f"{column.minimum:g}"
    high = "" if column.maximum is None else f"{column.maximum:g}"
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else f"at most {high}" if high else ""
