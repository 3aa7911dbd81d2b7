"""Pseudonyms: keyed, apart by domain, and of nobody else's key."""

from __future__ import annotations

import hashlib
import hmac

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.privacy import DOMAINS, Key, Pseudonyms, is_pseudonym

KEYS = (Key(bytes(range(32))), Key(bytes(range(1, 33))))


@given(st.lists(st.one_of(st.none(), st.text()), max_size=20), st.sampled_from(DOMAINS))
def test_it_is_the_standards_hmac_of_each_value(values, domain):
    secret = KEYS[0].derive(f"pseudonyms of {domain}")
    wanted = [
        None
        if value is None
        else f"{KEYS[0].id}-{hmac.new(secret, value.encode('utf-8', 'surrogatepass'), hashlib.sha256).hexdigest()[:24]}"
        for value in values
    ]
    assert Pseudonyms(KEYS[0]).of(values, domain=domain) == wanted


@given(st.text(), st.text())
def test_equal_values_and_no_others_have_equal_pseudonyms(one, other):
    naming = Pseudonyms(KEYS[0])
    assert (naming.one(one, domain="name") == naming.one(other, domain="name")) == (one == other)


@given(st.text())
def test_nothing_is_shared_between_domains_and_keys(value):
    named = {Pseudonyms(key).one(value, domain=domain) for key in KEYS for domain in DOMAINS}
    assert len(named) == 2 * len(DOMAINS)
    assert all(map(is_pseudonym, named))


def test_a_column_is_named_like_its_values():
    column = pa.chunked_array([["a", None, "b"], ["a"]])
    assert Pseudonyms(KEYS[0]).of_column(column, domain="email").to_pylist() == Pseudonyms(KEYS[0]).of(
        column.to_pylist(), domain="email"
    )


def test_an_unknown_domain_is_refused():
    with pytest.raises(ValueError, match="no domain of pseudonyms"):
        Pseudonyms(KEYS[0]).one("x", domain="mood")


def test_a_broken_twin_without_a_key_can_be_counted_through():
    """A plain hash of a phone number: whoever tries all numbers finds whose it is."""
    numbers = [f"1380013{n:04}" for n in range(2_000)]

    def found_by_trying(named):
        tried = {f"{named[:6]}-{hashlib.sha256(number.encode()).hexdigest()[:24]}": number for number in numbers}
        return tried.get(named)

    twin = f"{KEYS[0].id}-{hashlib.sha256(numbers[77].encode()).hexdigest()[:24]}"
    assert found_by_trying(twin) == numbers[77]
    assert found_by_trying(Pseudonyms(KEYS[0]).one(numbers[77], domain="phone")) is None
