"""Lay down a simulated delivery: all its files or none, with a slip that says what it is and what it holds."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from customer_patterns.schemas import Refusal
from customer_patterns.warehouse import clear_leftovers, sha256, swap_in, to_json

SLIP = "DELIVERY.json"


class DeliveryExists(Refusal):
    """A delivery lies there already, and nobody said that it may be replaced."""


def lay_down(
    folder: Path, write: Callable[[Path], dict[str, int]], slip: Mapping[str, Any], *, replace: bool = False
) -> dict[str, Any]:
    """Write a delivery into a folder beside its place and swap it in.

    Parameters
    ----------
    folder
        Where it goes; what was planted goes into ``truth/`` in it, which no study file names.
    write
        Writes all files into the folder it is given; returns the records per delivered table.
    slip
        What the slip says beside that: the delivery's name, the generator's version, the seed.
    replace
        Whether a delivery that lies there already may be replaced.

    Returns
    -------
    dict
        The slip as written: ``records`` by table and ``files`` with their SHA-256 are added.

    Raises
    ------
    DeliveryExists
        Where a delivery lies in ``folder`` and ``replace`` is false, or something else lies there.
    """
    clear_leftovers(folder)
    _refuse_to_overwrite(folder, replace=replace)
    fresh = folder.with_name(f".{folder.name}.fresh")
    try:
        (fresh / "truth").mkdir(parents=True)
        records = write(fresh)
        files = {path.relative_to(fresh).as_posix(): sha256(path) for path in sorted(fresh.rglob("*.*"))}
        content = {
            **slip,
            "provenance": "simulated",
            "package_version": version("customer-patterns"),
            "records": records,
            "files": files,
        }
        (fresh / SLIP).write_text(to_json(content), encoding="utf-8")
        swap_in(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        clear_leftovers(folder)
        raise
    return content


def _refuse_to_overwrite(folder: Path, *, replace: bool) -> None:
    """Object where something would be lost."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / SLIP).is_file():
        raise DeliveryExists(f"{folder.name} holds files that no simulator delivered; name another folder")
    if not replace:
        raise DeliveryExists(
            f"{folder.name} holds a delivery already; say --replace (replace=True) to make a new one in its place"
        )
