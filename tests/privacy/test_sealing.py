"""What caches hold of persons is locked; and no room of analysis can open anything."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.privacy import Key, KeyProblem, Sealer
from customer_patterns.study import project_root

SEALER = Sealer(Key(bytes(range(32))))


@given(st.text())
def test_what_is_sealed_opens_again_and_is_the_same_each_time(text):
    sealed = SEALER.seal(text)
    assert SEALER.open(sealed) == text
    assert SEALER.seal(text) == sealed
    assert len(text) < 4 or text not in sealed


@given(st.text().filter(lambda text: not text.startswith("sealed:")))
def test_what_was_never_sealed_stays(text):
    assert SEALER.open(text) == text


def test_another_key_and_a_changed_seal_are_refused(other_key):
    sealed = SEALER.seal("Ann Lee")
    with pytest.raises(KeyProblem, match="sealed with key"):
        Sealer(other_key).open(sealed)
    with pytest.raises(KeyProblem, match="was changed"):
        SEALER.open(sealed[:-6] + ("AAAA==" if not sealed.endswith("AAAA==") else "BBBB=="))


def test_a_column_is_sealed_value_by_value():
    column = pa.chunked_array([["a", None], ["a", "b"]])
    sealed = SEALER.seal_column(column)
    assert sealed.to_pylist()[0] == sealed.to_pylist()[2] != sealed.to_pylist()[3]
    assert SEALER.open_column(sealed).to_pylist() == column.to_pylist()


def test_no_room_of_analysis_knows_the_vault_or_the_key():
    package = project_root() / "src" / "customer_patterns"
    rooms = (
        "behavior",
        "patterns",
        "segments",
        "outlook",
        "satisfaction",
        "features",
        "charts",
        "explore",
        "laboratory",
    )
    words = ("vault", "key_of", "find_key", "need_key", "with_identifiers", "Sealer")
    found = [
        f"{path.relative_to(package)}: {word}"
        for room in rooms
        for path in (package / room).rglob("*.py")
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []
