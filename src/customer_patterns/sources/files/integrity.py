"""Whether a file is the one that was sent: checksums that lie beside a delivery are verified.

A parquet file with one flipped bit is read as a wrong number without a word in about half of all places, so a delivery
that brings its checksums is held against them before it is read.
"""

from __future__ import annotations

import re
from pathlib import Path

from customer_patterns.sources.raw import DeliveryError

#: How lists of checksums are called, beside ``<file>.sha256``.
LISTS = ("SHA256SUMS", "SHA256SUMS.txt", "sha256sums.txt")

_LINE = re.compile(r"^(?P<digest>[0-9a-fA-F]{64})(?:[ \t]+[*]?(?P<name>.+?))?\s*$")


def is_checksum_file(path: Path) -> bool:
    """Say whether a file holds checksums and no records."""
    return path.name in LISTS or path.suffix == ".sha256"


def sent_digests(path: Path) -> dict[str, str]:
    """Return the SHA-256 that the sender names for a file, by the name of the file that says so.

    Parameters
    ----------
    path
        The delivered file. Beside it may lie ``<file>.sha256`` (a digest, with or without the name) or a list in the
        format of ``sha256sum``.

    Raises
    ------
    DeliveryError
        ``E_CHECKSUM`` where such a file cannot be read as one.
    """
    found: dict[str, str] = {}
    own = path.with_name(f"{path.name}.sha256")
    for beside in (own, *(path.with_name(name) for name in LISTS)):
        if not beside.is_file():
            continue
        for number, line in enumerate(beside.read_bytes().decode("utf-8-sig", "replace").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            match = _LINE.match(line)
            if match is None or (match["name"] is None and beside != own):
                raise DeliveryError(
                    "this is no line of checksums (sixty-four digits of SHA-256, then the file's name)",
                    file=beside.name,
                    line=number,
                    code="E_CHECKSUM",
                    remedy="write it with sha256sum, or remove it",
                )
            name = match["name"]
            if name is None or Path(name).as_posix().removeprefix("./") == path.name:
                found[beside.name] = match["digest"].lower()
    return found


def verify_digest(path: Path, digest: str, *, table: str, name: str) -> None:
    """Raise ``E_CHECKSUM`` where the sender named another SHA-256 for a file than it has."""
    for beside, sent in sent_digests(path).items():
        if sent != digest:
            raise DeliveryError(
                f"its SHA-256 begins with {digest[:12]}, {beside} says {sent[:12]}",
                table=table,
                file=name,
                code="E_CHECKSUM",
            )
