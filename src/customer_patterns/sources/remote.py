"""Databases and services: what was fetched of them for a day, and whether they hold something else by now."""

from __future__ import annotations

import importlib
from datetime import date
from pathlib import Path

from customer_patterns.sources import readers
from customer_patterns.sources.fetched import download_for, is_outdated
from customer_patterns.sources.files.places import REMOTE
from customer_patterns.study import Source, Study, intake_folder


def fetched_digests(study: Study, *, as_of: date) -> dict[str, str]:
    """Return the SHA-256 of what was fetched of each database and service for a day, by table.

    Parameters
    ----------
    as_of
        The study's last moment.

    Returns
    -------
    dict
        By table, as :meth:`~customer_patterns.study.Study.described_as` calls it; nothing for what was never fetched.
    """
    found = [(source, download_for(source, folder=_folder(study), as_of=as_of)) for source in _remote(study)]
    return {study.described_as(source): download.sha256 for source, download in found if download.about is not None}


def changed_since(study: Study, *, as_of: date) -> list[str]:
    """Name the tables whose database or service answers something else than when it was fetched for a day.

    Only those are asked whose contract says what to ask for (``watch``), and only in a run for the newest day that was
    fetched. One that cannot be asked has not changed.
    """
    changed = []
    for source in _remote(study):
        download = download_for(source, folder=_folder(study), as_of=as_of)
        module = importlib.import_module(f"{readers.__name__}.{readers.MODULES[source.reader]}")
        if is_outdated(download, source, as_of=as_of, ask=module.watched):
            changed.append(study.described_as(source))
    return changed


def _remote(study: Study) -> list[Source]:
    return [source for source in study.sources if source.reader in REMOTE]


def _folder(study: Study) -> Path:
    return intake_folder(study.name) / "fetched"
