"""The manifest of a stage's folder: which tables it has, and the SHA-256 of each, which whoever opens it verifies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_patterns.schemas import Refusal

if TYPE_CHECKING:
    pass


MANIFEST = "manifest.json"


FINDINGS = "findings.json"


class WarehouseError(Refusal):
    """A folder of tables cannot be used; the message names it and the remedy."""


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def to_json(content: Any) -> str:
    """Write JSON whose bytes depend on nothing but its content."""
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def digest(content: Any) -> str:
    """Return the SHA-256 of anything JSON can hold."""
    return hashlib.sha256(to_json(content).encode()).hexdigest()


def content_digest(manifest: Mapping[str, Any]) -> str:
    """Return one SHA-256 over all tables and findings of a manifest, as later stages record it among their inputs."""
    tables = {name: entry["sha256"] for name, entry in manifest["tables"].items()}
    return digest({"tables": tables, "findings": manifest.get("findings")})


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a folder's manifest.

    Raises
    ------
    WarehouseError
        Where the folder or its manifest is missing or unreadable.
    """
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WarehouseError(
            f"the tables of stage '{folder.name}' are not there; run 'make reports' to build them"
        ) from None
    except ValueError:
        raise WarehouseError(
            f"the manifest of stage '{folder.name}' is damaged; run 'make reports' to rebuild it"
        ) from None


def verify(folder: Path) -> dict[str, Any]:
    """Read a folder's manifest and compare each table, and the findings, with the SHA-256 it names.

    Raises
    ------
    WarehouseError
        For a missing, changed or damaged table, or such findings.
    """
    manifest = read_manifest(folder)
    for name, entry in manifest["tables"].items():
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise WarehouseError(
                f"table '{name}' of stage '{folder.name}' is missing; run 'make reports' to rebuild it"
            )
        if sha256(path) != entry["sha256"]:
            raise WarehouseError(
                f"table '{name}' of stage '{folder.name}' is not the one that was written; "
                "run 'make reports' to rebuild it"
            )
    if "findings" in manifest and not _is(folder / FINDINGS, manifest["findings"]):
        raise WarehouseError(
            f"the findings of stage '{folder.name}' are not the ones that were written; "
            "run 'make reports' to rebuild them"
        )
    return manifest


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and sha256(path) == digest
