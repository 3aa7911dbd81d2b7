"""Who is never taken in again: a list that says so of an id it is asked about, and names nobody.

It holds keyed hashes under a secret of its own, drawn at random. Where a study has a key, that secret is locked with
it; so the list outlives a change of the key without knowing whom it is about.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from customer_patterns.privacy.keys import Key, KeyProblem, from_letters, in_letters, refuse_readable

_NONCE = 12


class BlockList:
    """The ids of a study that are never taken in again.

    Parameters
    ----------
    path
        Its file; there need be none.
    key
        The study's key; ``None`` where its deliveries hold no direct identifiers.
    """

    def __init__(self, path: Path, key: Key | None) -> None:
        self.path, self.key = path, key

    def __bool__(self) -> bool:
        """Whether anybody is on it."""
        return self.path.exists()

    def __len__(self) -> int:
        """Count the hashes on it."""
        return len(self._read()["hashes"]) if self.path.exists() else 0

    def add(self, ids: Iterable[str]) -> int:
        """Put ids on the list; return how many are new."""
        said = self._read() if self.path.exists() else self._begun()
        secret = self._secret(said)
        hashes = {*said["hashes"], *(_hash(secret, one) for one in ids)}
        new = len(hashes) - len(said["hashes"])
        self._write({**said, "hashes": sorted(hashes)})
        return new

    def remove(self, ids: Iterable[str]) -> None:
        """Take ids off the list again; a list of nobody is no file."""
        if self.path.exists():
            said = self._read()
            secret = self._secret(said)
            left = sorted(set(said["hashes"]) - {_hash(secret, one) for one in ids})
            if left:
                self._write({**said, "hashes": left})
            else:
                self.path.unlink()

    def among(self, ids: Iterable[str | None]) -> set[str]:
        """Return those of some ids that are on the list."""
        if not self.path.exists():
            return set()
        said = self._read()
        secret, hashes = self._secret(said), set(said["hashes"])
        return {one for one in ids if one is not None and _hash(secret, one) in hashes}

    def rotate(self, new: Key) -> None:
        """Lock the list's secret with a new key; what it holds stays."""
        if self.path.exists() and (said := self._read())["key"] not in ("", new.id):
            secret = self._secret(said)
            self._write({**said, **_locked(secret, new)})

    def _begun(self) -> dict:
        secret = secrets.token_bytes(32)
        named = _locked(secret, self.key) if self.key else {"key": "", "secret": in_letters(secret)}
        return {**named, "hashes": []}

    def _secret(self, said: dict) -> bytes:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        held = from_letters(said["secret"])
        if not said["key"]:
            return held
        if self.key is None or said["key"] != self.key.id:
            raise KeyProblem(
                f"the list {self.path.name} of who is never taken in again was locked with key {said['key']}; set that "
                "key, or nobody could be kept out"
            )
        try:
            return AESGCM(self.key.derive("block list")).decrypt(held[:_NONCE], held[_NONCE:], None)
        except InvalidTag:
            raise KeyProblem(f"the list {self.path.name} is damaged; put back a copy: it keeps customers out") from None

    def _read(self) -> dict:
        refuse_readable(self.path, "list")
        try:
            said = json.loads(self.path.read_text(encoding="utf-8"))
            if {"key", "secret", "hashes"} <= said.keys():
                return said
        except (ValueError, AttributeError):
            pass
        raise KeyProblem(f"the list {self.path.name} is damaged; put back a copy: it keeps customers out")

    def _write(self, said: dict) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.path.with_name(f".{self.path.name}.fresh")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(said, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self.path)


def _hash(secret: bytes, one: str) -> str:
    return hmac.digest(secret, one.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()[:32]


def _locked(secret: bytes, key: Key) -> dict:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(key.derive("block list")).encrypt(nonce, secret, None)
    return {"key": key.id, "secret": in_letters(sealed)}
