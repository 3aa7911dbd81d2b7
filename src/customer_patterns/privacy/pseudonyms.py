"""Pseudonyms: what stands in the place of an identifier wherever it is not needed.

A pseudonym is HMAC-SHA256 (RFC 2104) of the value under a key of its field's domain: equal values have equal
pseudonyms within a domain and unrelated ones in two, and nobody without the key can find a value by trying all of
them. It begins with the key's name, so that pseudonyms of two keys are never taken for each other.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from customer_patterns.privacy.keys import Key

if TYPE_CHECKING:
    import pyarrow as pa

#: What an identifier identifies by. The same digits are another pseudonym as a phone number than as a card.
DOMAINS = (
    "customer", "name", "phone", "email", "address", "postcode", "birthday", "social_handle", "card", "resident_id",
)  # fmt: skip

#: Columns of tables and their domain; a standard form is of the domain of what it was made from.
DOMAIN_OF = {
    "customer_id": "customer",
    "referrer_id": "customer",
    "referred_id": "customer",
    "author_key": "customer",
    "name_plain": "name",
    "phone_e164": "phone",
    "email_plain": "email",
}
#: So many hexadecimal digits of the hash are kept: 96 bits, with which two of a billion values are alike by a chance of
#: one in a hundred billion.
DIGITS = 24
PATTERN = re.compile(r"[0-9a-f]{6}-[0-9a-f]{24}")

_BLOCK = 64


def domain_of(column: str) -> str:
    """Return the domain of a column's values."""
    return DOMAIN_OF.get(column, column)


class Pseudonyms:
    """Makes pseudonyms under one key.

    Parameters
    ----------
    key
        The key.

    Examples
    --------
    >>> from customer_patterns.privacy.keys import simulated_key
    >>> made = Pseudonyms(simulated_key("doctest"))
    >>> made.of(["ann@example.org", None, "ann@example.org"], domain="email")[1:]
    [None, 'a97d6e-c34259f39547c5e4ae79dbbc']
    """

    def __init__(self, key: Key) -> None:
        self.key_id = key.id
        self._inner: dict[str, hashlib._Hash] = {}
        self._outer: dict[str, hashlib._Hash] = {}
        self._key = key

    def one(self, value: str, *, domain: str) -> str:
        """Return the pseudonym of one value."""
        return self.of([value], domain=domain)[0]

    def of(self, values: Iterable[str | None], *, domain: str) -> list[str | None]:
        """Return the pseudonyms of values in their order; what is missing stays so.

        Parameters
        ----------
        values
            As they are to be told apart: whoever wants two spellings to be one brings them into one form before.
        domain
            One of :data:`DOMAINS`.
        """
        # HMAC by hand: both hashes begin with a block that is the same for all values, and is hashed once.
        inner, outer, head = *self._prepared(domain), f"{self.key_id}-"
        found: list[str | None] = []
        for value in values:
            if value is None:
                found.append(None)
                continue
            first = inner.copy()
            first.update(value.encode("utf-8", "surrogatepass"))
            last = outer.copy()
            last.update(first.digest())
            found.append(head + last.hexdigest()[:DIGITS])
        return found

    def of_column(self, column: pa.ChunkedArray, *, domain: str) -> pa.ChunkedArray:
        """Return the pseudonyms of a column: each different value is hashed once."""
        import pyarrow as pa

        encoded = column.combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        named = pa.array(self.of(encoded.dictionary.to_pylist(), domain=domain), pa.string())
        return pa.chunked_array([named.take(encoded.indices)])

    def _prepared(self, domain: str) -> tuple[hashlib._Hash, hashlib._Hash]:
        if domain not in self._inner:
            if domain not in DOMAINS:
                raise ValueError(f"'{domain}' is no domain of pseudonyms; known: {', '.join(DOMAINS)}")
            secret = self._key.derive(f"pseudonyms of {domain}").ljust(_BLOCK, b"\0")
            self._inner[domain] = hashlib.sha256(bytes(byte ^ 0x36 for byte in secret))
            self._outer[domain] = hashlib.sha256(bytes(byte ^ 0x5C for byte in secret))
        return self._inner[domain], self._outer[domain]


def is_pseudonym(value: str | None) -> bool:
    """Whether a text has the form of a pseudonym.

    >>> is_pseudonym("3180f8-0e1f2a3b4c5d6e7f8091a2b3"), is_pseudonym("ann@example.org")
    (True, False)
    """
    return value is not None and PATTERN.fullmatch(value) is not None
