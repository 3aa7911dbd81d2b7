"""The key by which customers are named and identifiers are locked away: where it comes from, and what is made of it.

One secret of 32 bytes stands behind everything; each use has a key of its own, derived by HKDF (RFC 5869), so that
nothing that leaves one use says anything about another. The secret comes from the environment or from a file outside
the repository, and is never written anywhere by us but into that file.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from customer_patterns.schemas import Refusal

#: The environment variable that holds the key itself: 64 hexadecimal digits, or a pass phrase.
KEY = "CUSTOMER_PATTERNS_KEY"
#: The environment variable that says in which file it lies.
KEY_FILE = "CUSTOMER_PATTERNS_KEY_FILE"
#: The command that makes one.
MAKE = "python -m customer_patterns vault make-key"

#: A pass phrase of fewer signs could be found by trying.
SHORTEST = 20
_BYTES = 32
_HEX = frozenset("0123456789abcdefABCDEF")
#: Work and memory of scrypt (RFC 7914): a pass phrase costs a tenth of a second to try.
_SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26}


class KeyProblem(Refusal):
    """There is no key, or none that can be used; the message says how to get one."""


@dataclass(frozen=True)
class Key:
    """A secret and its public name.

    Attributes
    ----------
    secret
        32 bytes. Never shown.
    simulated
        Whether it is the key of simulated customers, which is no secret.
    """

    secret: bytes = field(repr=False)
    simulated: bool = False

    @property
    def id(self) -> str:
        """Six hexadecimal digits that tell keys apart and say nothing about them."""
        return self.derive("key id").hex()[:6]

    def derive(self, purpose: str, length: int = _BYTES) -> bytes:
        """Return a key for one purpose: HKDF-SHA256 over the secret."""
        return _derived(self.secret, purpose, length)


@lru_cache(maxsize=256)
def _derived(secret: bytes, purpose: str, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length, salt=b"customer-patterns 1", info=purpose.encode()).derive(secret)


def simulated_key(study: str) -> Key:
    """Return the key of a study whose customers are simulated: the same for everyone, because it protects nobody.

    So a simulated study runs out of the box, through the same code as a real one.
    """
    return Key(hashlib.sha256(f"simulated customers of {study}".encode()).digest(), simulated=True)


def key_file() -> Path:
    """Return the file in which a key is looked for: what the environment names, or a file in the user's own folder."""
    if named := os.environ.get(KEY_FILE):
        return Path(named).expanduser()
    own = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(own) / "customer-patterns" / "key"


def find_key(*, outside: tuple[Path, ...] = ()) -> Key | None:
    """Return the key that the environment or the key file holds; ``None`` where there is neither.

    Parameters
    ----------
    outside
        Folders in which no key file may lie: the repository, and wherever a run writes.

    Raises
    ------
    KeyProblem
        For a key that is empty or short, or a key file that others can read, that is none, or that lies inside.
    """
    if KEY in os.environ:
        return Key(_secret(os.environ[KEY], f"the environment variable {KEY}"))
    path = key_file()
    if not path.exists():
        if os.environ.get(KEY_FILE):
            raise KeyProblem(f"{KEY_FILE} names {path.name}, which is not there; make it with '{MAKE}'")
        return None
    return read_key(path, outside=outside)


def need_key(*, why: str, outside: tuple[Path, ...] = ()) -> Key:
    """Return the key, or refuse with the command that makes one.

    Parameters
    ----------
    why
        What it is needed for, in a few words.
    outside
        See :func:`find_key`.
    """
    key = find_key(outside=outside)
    if key is None:
        raise KeyProblem(f"{why}, and there is no key; make one with '{MAKE}', and keep it: without it nobody gets in")
    return key


def read_key(path: Path, *, outside: tuple[Path, ...] = ()) -> Key:
    """Read a key file.

    Raises
    ------
    KeyProblem
        Where it lies inside a folder of ``outside`` or in a repository, others can read it, or it holds no key.
    """
    _refuse_inside(path, outside)
    refuse_readable(path, "key file")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblem(f"the key file {path.name} cannot be read ({type(error).__name__})") from None
    return Key(_secret(text, f"the key file {path.name}"))


def make_key(path: Path, *, outside: tuple[Path, ...] = ()) -> Key:
    """Make a new key file, which only its owner can read (mode 0600), never over one that is there.

    Raises
    ------
    KeyProblem
        Where a file lies there, or the place lies inside a repository or a folder of ``outside``.
    """
    _refuse_inside(path, outside)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = secrets.token_hex(_BYTES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyProblem(
            f"{path.name} is there already, and a key is never written over: what it locks would be lost"
        ) from None
    with os.fdopen(handle, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return Key(bytes.fromhex(text))


def refuse_readable(path: Path, what: str) -> None:
    """Raise KeyProblem where anybody but its owner could read a file."""
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise KeyProblem(
            f"the {what} {path.name} can be read by others (mode {mode:04o}); look who has read it, then 'chmod 600' it"
        )


def _secret(text: str, where: str) -> bytes:
    text = text.strip()
    if not text:
        raise KeyProblem(f"{where} is empty; make a key with '{MAKE}'")
    if len(text) == 2 * _BYTES and set(text) <= _HEX:
        return bytes.fromhex(text)
    if len(text) < SHORTEST:
        raise KeyProblem(
            f"{where} holds {len(text)} signs, which can be found by trying; give {SHORTEST} or more, or make a key "
            f"with '{MAKE}'"
        )
    return _stretched(text)


@lru_cache(maxsize=8)
def _stretched(phrase: str) -> bytes:
    """A pass phrase as a key: slow on purpose."""
    salt = b"customer-patterns pass phrase 1"
    return hashlib.scrypt(phrase.encode(), salt=salt, dklen=_BYTES, **_SCRYPT)


def _refuse_inside(path: Path, outside: tuple[Path, ...]) -> None:
    place = path.expanduser().resolve()
    repository = next((folder for folder in place.parents if (folder / ".git").exists()), None)
    inside = next((folder for folder in outside if place.is_relative_to(folder.resolve())), repository)
    if inside is not None:
        raise KeyProblem(
            f"the key file {path.name} lies inside {inside.name}/, where it would be copied and published with the "
            f"rest; put it elsewhere, e.g. {Path('~/.config/customer-patterns/key')}, and name it in {KEY_FILE}"
        )


def in_letters(content: bytes) -> str:
    """Return bytes as text for a file."""
    return base64.urlsafe_b64encode(content).decode()


def from_letters(text: str) -> bytes:
    """Return the bytes behind a text of :func:`in_letters`."""
    return base64.urlsafe_b64decode(text.encode())
