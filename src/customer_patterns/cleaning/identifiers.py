"""Identifiers while a study is cleaned: opened in memory to be brought into one form, sealed before they are written.

No later stage opens the vault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis.expr.types as ir

from customer_patterns.privacy import Key
from customer_patterns.sources import private
from customer_patterns.study import Study

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


def key_of(study: Study) -> Key:
    """Return the key of a study that delivers direct identifiers, as :mod:`~customer_patterns.sources.private` does."""
    return private.key_of(study)


def opened(table: ir.Table, *, study: Study, backend: Backend) -> ir.Table:
    """Return a table with identifiers in the place of pseudonyms: a temporary table in memory, never to be written.

    Parameters
    ----------
    table
        Any table with personal columns of ``identities``, or with their standard forms; others are returned as they
        are, and so are values that are no pseudonyms.
    study, backend
        Its study, and the DuckDB it lies in.

    Raises
    ------
    KeyProblem, VaultError
        Without the key, or with a vault that cannot be opened.
    """
    return private.with_identifiers(table, study=study, backend=backend)


def sealed(table: ir.Table, *, study: Study, backend: Backend) -> ir.Table:
    """Return a table with pseudonyms in the place of identifiers; what is new among these goes into the vault."""
    if not private.holds_persons(study):
        return table
    return private.with_pseudonyms(table, study=study, backend=backend)
