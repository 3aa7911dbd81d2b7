"""The vault: the one file that says who stands behind a pseudonym.

It is encrypted with AES-256-GCM under a key derived from the study's key, can be read by its owner only (mode 0600), is
replaced whole or not at all, and writes down every access, without the values. No analysis needs it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from customer_patterns.privacy.keys import Key, KeyProblem, refuse_readable
from customer_patterns.privacy.pseudonyms import Pseudonyms, is_pseudonym
from customer_patterns.schemas import Refusal

if TYPE_CHECKING:
    import pyarrow as pa

#: What a vault's file begins with; then come one line of JSON, and what is encrypted.
MAGIC = b"customer-patterns vault 1\n"
_NONCE = 12
#: Under this domain lies what a pseudonym was called before the key was changed.
_RENAMED = "renamed "

#: What became of values, by domain: pseudonym and value.
Entries = Mapping[str, Mapping[str, str]]


class VaultError(Refusal):
    """A vault cannot be opened; the message names it, what is wrong and the remedy."""


class Vault:
    """Identifiers by domain and pseudonym, encrypted in one file.

    Parameters
    ----------
    path
        Its file; beside it lie ``<name>.log`` (who looked, when, why) and a lock.
    key
        The key.
    """

    def __init__(self, path: Path, key: Key) -> None:
        self.path, self.key = path, key

    @property
    def log(self) -> Path:
        """Where accesses are written down."""
        return self.path.with_suffix(".log")

    def key_id(self) -> str:
        """Return which key the file was locked with."""
        return _header(self.path)["key"]

    def add(self, entries: Entries) -> int:
        """Put values into the vault; return how many are new.

        A value that lies there stays as it was first delivered. Nothing is written where nothing is new.

        Raises
        ------
        VaultError
            Where the vault cannot be opened with this key.
        """
        with self._alone():
            held = self._read() if self.path.exists() else {}
            new = 0
            for domain, values in entries.items():
                there = held.setdefault(domain, {})
                fresh = {name: value for name, value in values.items() if name not in there}
                there.update(fresh)
                new += len(fresh)
            if new or not self.path.exists():
                self._write(held)
                self._note("added", f"{new} values")
            return new

    def values(self, domain: str, *, why: str) -> dict[str, str]:
        """Return all values of a domain by pseudonym; the access is written down.

        Parameters
        ----------
        domain
            See :data:`~customer_patterns.privacy.pseudonyms.DOMAINS`.
        why
            What for, in a few words.
        """
        return self.open(why=why).get(domain, {})

    def open(self, *, why: str) -> dict[str, dict[str, str]]:
        """Return all values by domain and pseudonym; the access is written down."""
        held = self._read()
        self._note("opened", why)
        return {domain: values for domain, values in held.items() if not domain.startswith(_RENAMED)}

    def look_up(self, pseudonym: str, *, why: str) -> dict[str, str]:
        """Return what stands behind one pseudonym, by domain; the access is written down with its reason.

        A pseudonym of an earlier key is followed to the present one.

        Raises
        ------
        VaultError
            Without a reason, for what is no pseudonym, one of another key, or one that is not in the vault.
        """
        if not why.strip():
            raise VaultError("say why you look, with --reason; it is written down beside your access")
        if not is_pseudonym(pseudonym):
            raise VaultError("this is no pseudonym: it must be six hexadecimal digits, a hyphen and twenty-four more")
        held = self._read()
        found = {}
        for domain, values in held.items():
            if not domain.startswith(_RENAMED):
                now = held.get(_RENAMED + domain, {}).get(pseudonym, pseudonym)
                if now in values:
                    found[domain] = values[now]
        self._note("looked up", f"{pseudonym}: {why}" if found else f"{pseudonym} (not there): {why}")
        if not found:
            other = "" if pseudonym.startswith(f"{self.key.id}-") else " of this key"
            raise VaultError(
                f"there is no such pseudonym{other} in the vault {self.path.name}; nothing can be said of it"
            )
        return found

    def renamed(self) -> dict[str, dict[str, str]]:
        """Return by domain what each pseudonym of an earlier key is called now, over all changes of the key."""
        held = self._read()
        return {d.removeprefix(_RENAMED): v for d, v in held.items() if d.startswith(_RENAMED)}

    def remove(self, pseudonyms: Mapping[str, set[str]], *, why: str) -> int:
        """Take values out, by domain and pseudonym; return how many. Earlier names of them go with them."""
        with self._alone():
            if not self.path.exists():
                return 0
            held = self._read()
            gone = 0
            for domain, names in pseudonyms.items():
                values, before = held.get(domain, {}), held.get(_RENAMED + domain, {})
                for name in names & values.keys():
                    del values[name]
                    gone += 1
                held[_RENAMED + domain] = {old: now for old, now in before.items() if now not in names}
            self._write(held)
            self._note("removed", f"{gone} values: {why}")
            return gone

    def rotate(self, new: Key) -> Vault:
        """Encrypt the vault under a new key, and give every value its new pseudonym.

        What each was called before is kept inside, so that profiles, registers and earlier runs can be followed. Called
        again after it was interrupted, it changes nothing that is done.

        Returns
        -------
        Vault
            The same file under the new key.
        """
        successor = Vault(self.path, new)
        with self._alone():
            if self.path.exists() and _header(self.path)["key"] == new.id:
                return successor
            held, naming = self._read(), Pseudonyms(new)
            fresh: dict[str, dict[str, str]] = {}
            for domain in sorted(name for name in held if not name.startswith(_RENAMED)):
                values = held[domain]
                names = dict(zip(values, naming.of(values.values(), domain=domain), strict=True))
                fresh[domain] = {names[old]: value for old, value in values.items()}
                before = held.get(_RENAMED + domain, {})
                fresh[_RENAMED + domain] = {**{old: names[now] for old, now in before.items() if now in names}, **names}
            successor._write(fresh)
            self._note("rotated", f"from key {self.key.id} to key {new.id}")
        return successor

    # The file

    def _read(self) -> dict[str, dict[str, str]]:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        name = self.path.name
        if not self.path.exists():
            raise VaultError(f"there is no vault {name}; 'make reports' fills it from the delivery")
        try:
            refuse_readable(self.path, "vault")
        except KeyProblem as error:
            raise VaultError(str(error)) from None
        said = _header(self.path)
        if said["key"] != self.key.id:
            raise VaultError(
                f"the vault {name} was locked with key {said['key']}, and the key given is {self.key.id}; set the "
                "right key, or change it with 'python -m customer_patterns vault rotate'"
            )
        content = self.path.read_bytes()
        head = content.index(b"\n", len(MAGIC)) + 1
        nonce, locked = content[head : head + _NONCE], content[head + _NONCE :]
        try:
            plain = AESGCM(self.key.derive("vault")).decrypt(nonce, locked, content[:head])
        except (InvalidTag, ValueError):
            raise VaultError(
                f"the vault {name} is damaged: its seal is broken; put back a copy, or take it away and rebuild with "
                "'make reports'"
            ) from None
        return _unpacked(plain)

    def _write(self, held: Mapping[str, Mapping[str, str]]) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        head = MAGIC + json.dumps({"key": self.key.id}).encode() + b"\n"
        nonce = os.urandom(_NONCE)
        locked = AESGCM(self.key.derive("vault")).encrypt(nonce, _packed(held), head)
        fresh = self.path.with_name(f".{self.path.name}.fresh")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(head + nonce + locked)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self.path)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the vault's lock: two stages may add to it at once."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = self.path.with_name(f".{self.path.name}.lock")
        with os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT, 0o600), "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _note(self, what: str, why: str) -> None:
        """Write an access down: when, by whom, what, why; never a value."""
        who = os.environ.get("USER") or str(os.getuid())
        words = " ".join(f"{what}; {why}".split())
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            os.utime(self.log)  # by the file system's clock: the code reads none
            moment = datetime.fromtimestamp(self.log.stat().st_mtime, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            file.write(f"{moment} {who} key {self.key.id} {words}\n")


def _header(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        magic, line = file.readline(200), file.readline(1_000)
    try:
        said = json.loads(line)
        if magic == MAGIC and isinstance(said, dict) and isinstance(said.get("key"), str):
            return said
    except ValueError:
        pass
    raise VaultError(f"the vault {path.name} is damaged: it does not begin like one; put back a copy")


def _packed(held: Mapping[str, Mapping[str, str]]) -> bytes:
    import pyarrow as pa

    rows = [(d, n, held[d][n]) for d in sorted(held) for n in sorted(held[d])]
    columns = list(zip(*rows, strict=True)) if rows else [(), (), ()]
    domain = pa.array(columns[0], pa.string()).dictionary_encode()
    table = pa.table({"domain": domain, "pseudonym": pa.array(columns[1], pa.string()), "value": columns[2]})
    table = table.set_column(2, "value", table["value"].cast(pa.string()))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _unpacked(plain: bytes) -> dict[str, dict[str, str]]:
    import pyarrow as pa

    table: pa.Table = pa.ipc.open_file(pa.BufferReader(plain)).read_all()
    held: dict[str, dict[str, str]] = {}
    for domain, name, value in zip(*(table[column].to_pylist() for column in table.column_names), strict=True):
        held.setdefault(domain, {})[name] = value
    return held
