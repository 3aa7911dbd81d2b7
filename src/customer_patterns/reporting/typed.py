"""Digits that somebody typed: numbers stand in tables and come into sentences as values, never in prose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from customer_patterns.wording.catalog import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Mapping


def typed_digits(notebook: Mapping[str, Any], *, name: str) -> list[str]:
    """Say of each line of a notebook's Markdown that holds a digit, in any script, where it stands.

    Code is not prose: parameters are numbers that somebody chose, and say so by their name and comment.

    Parameters
    ----------
    notebook
        The notebook, as nbformat or JSON holds it.
    name
        What it is called in the faults.

    Examples
    --------
    >>> typed_digits({"cells": [{"cell_type": "markdown", "source": "We saw 12 shops"}]}, name="03-behavior")
    ["03-behavior holds a typed digit in its prose: 'We saw 12 shops'"]
    """
    return [
        f"{name} holds a typed digit in its prose: {line.strip()!r}"
        for line in _prose_lines(notebook)
        if any(c.isdigit() for c in line)
    ]


def typed_in_templates(templates: Mapping[str, str] | None = None) -> list[str]:
    """Say of each template with a digit which it is; of the English catalog, or of those given by key."""
    return [
        f"sentence {key} holds a typed digit: {text!r}"
        for key, text in sorted((SENTENCES if templates is None else templates).items())
        if any(c.isdigit() for c in text)
    ]


def _prose_lines(notebook: Mapping[str, Any]) -> Iterator[str]:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            source = cell["source"]
            yield from (source if isinstance(source, str) else "".join(source)).splitlines()
