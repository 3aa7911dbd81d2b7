"""Who is never taken in again: known when asked, named by nobody."""

from __future__ import annotations

import pytest

from customer_patterns.privacy import KeyProblem
from customer_patterns.privacy.blocklist import BlockList


@pytest.mark.parametrize("with_key", [True, False])
def test_it_knows_whom_it_keeps_out_and_names_nobody(tmp_path, key, with_key):
    listed = BlockList(tmp_path / "shop.blocked.json", key if with_key else None)
    assert listed.among(["0000007"]) == set()
    assert listed.add(["0000007", "0000009"]) == 2
    assert listed.add(["0000007"]) == 0
    assert listed.among(["0000001", "0000007", None]) == {"0000007"}
    assert "0000007" not in listed.path.read_text()
    assert listed.path.stat().st_mode & 0o777 == 0o600


def test_it_outlives_a_change_of_the_key(tmp_path, key, other_key):
    listed = BlockList(tmp_path / "shop.blocked.json", key)
    listed.add(["0000007"])
    listed.rotate(other_key)
    assert BlockList(listed.path, other_key).among(["0000007"]) == {"0000007"}
    with pytest.raises(KeyProblem, match="nobody could be kept out"):
        listed.among(["0000007"])


def test_a_damaged_list_is_refused_because_it_would_keep_nobody_out(tmp_path, key):
    listed = BlockList(tmp_path / "shop.blocked.json", key)
    listed.add(["0000007"])
    listed.path.write_text(listed.path.read_text()[:40])
    with pytest.raises(KeyProblem, match="damaged"):
        listed.among(["0000007"])
