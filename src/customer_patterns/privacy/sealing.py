"""Texts locked for a while: what a cache holds of values that no file may show.

AES-SIV (RFC 5297) gives equal texts equal seals, so that a cache is the same on every run, and a seal that was changed
does not open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from customer_patterns.privacy.keys import Key, KeyProblem, from_letters, in_letters

if TYPE_CHECKING:
    import pyarrow as pa

#: How a sealed text begins; then come the name of the key and the letters.
MARK = "sealed:"


class Sealer:
    """Seals texts under one key, and opens them again.

    Examples
    --------
    >>> from customer_patterns.privacy.keys import simulated_key
    >>> sealer = Sealer(simulated_key("doctest"))
    >>> sealed = sealer.seal("ann@example.org")
    >>> "ann" in sealed, sealer.open(sealed)
    (False, 'ann@example.org')
    """

    def __init__(self, key: Key) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        self._cipher = AESSIV(key.derive("seals", 64))
        self._head = f"{MARK}{key.id}:"

    def seal(self, text: str) -> str:
        """Lock a text."""
        return self._head + in_letters(self._cipher.encrypt(b"\1" + text.encode("utf-8", "surrogatepass"), None))

    def open(self, sealed: str) -> str:
        """Return what a seal holds; a text without one is returned as it is.

        Raises
        ------
        KeyProblem
            For a seal of another key, or one that was changed.
        """
        from cryptography.exceptions import InvalidTag

        if not sealed.startswith(MARK):
            return sealed
        if not sealed.startswith(self._head):
            owner = sealed.removeprefix(MARK).partition(":")[0]
            raise KeyProblem(f"a value was sealed with key {owner}, not with the key that is given; set that key")
        try:
            plain = self._cipher.decrypt(from_letters(sealed.removeprefix(self._head)), None)
        except (InvalidTag, ValueError):
            raise KeyProblem("a sealed value was changed since it was written; rebuild with 'make reports'") from None
        return plain[1:].decode("utf-8", "surrogatepass")  # (nothing at all cannot be sealed)

    def seal_all(self, texts: Iterable[str | None]) -> list[str | None]:
        """Lock texts in their order; what is missing stays so."""
        return [None if text is None else self.seal(text) for text in texts]

    def seal_column(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """Lock a column: each different text once."""
        return _each(column, self.seal)

    def open_column(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """Open a column."""
        return _each(column, self.open)


def _each(column: pa.ChunkedArray, change: object) -> pa.ChunkedArray:
    import pyarrow as pa

    encoded = column.combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks() if encoded.num_chunks != 1 else encoded.chunk(0)
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    changed = pa.array([change(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([changed.take(encoded.indices)])
