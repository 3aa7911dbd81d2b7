"""The vault: what goes in comes out for who has the key and says why, and for nobody else."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_patterns.privacy import Key, Pseudonyms, Vault, VaultError

ANN, BOB = "ann@example.org", "bob@example.org"


def filled(vault):
    naming = Pseudonyms(vault.key)
    entries = {"email": {naming.one(mail, domain="email"): mail for mail in (ANN, BOB)}}
    entries["name"] = {naming.one("Ann Lee", domain="name"): "Ann Lee"}
    vault.add(entries)
    return naming.one(ANN, domain="email")


def test_what_goes_in_comes_out(vault):
    ann = filled(vault)
    assert vault.look_up(ann, why="she called") == {"email": ANN}
    assert sorted(vault.values("email", why="a test").values()) == [ANN, BOB]


def test_nothing_can_be_read_from_the_file(vault):
    filled(vault)
    content = b"".join(path.read_bytes() for path in vault.path.parent.rglob("*") if path.is_file())
    assert not [word for word in (b"ann", b"example", b"Lee") if word in content]
    assert vault.path.stat().st_mode & 0o777 == 0o600
    assert vault.log.stat().st_mode & 0o777 == 0o600


def test_every_access_is_written_down_without_the_values(vault):
    ann = filled(vault)
    vault.look_up(ann, why="she called\nabout an order")
    with pytest.raises(VaultError):
        vault.look_up(Pseudonyms(vault.key).one("nobody", domain="email"), why="a guess")
    lines = vault.log.read_text().splitlines()
    assert ["added; 3 values" in lines[0], f"{ann}: she called about an order" in lines[1]] == [True, True]
    assert "not there" in lines[2]
    assert not any(ANN in line for line in lines)


def test_a_look_without_a_reason_is_refused(vault):
    with pytest.raises(VaultError, match="say why"):
        vault.look_up(filled(vault), why="  ")


def test_the_wrong_key_is_refused(vault, other_key):
    ann = filled(vault)
    with pytest.raises(VaultError, match=f"locked with key {vault.key.id}, and the key given is {other_key.id}"):
        Vault(vault.path, other_key).look_up(ann, why="a test")
    with pytest.raises(VaultError, match="vault rotate"):
        Vault(vault.path, other_key).add({"email": {"x": "y"}})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.data())
def test_one_changed_byte_is_refused_wherever_it_is(vault, data):
    if not vault.path.exists():
        filled(vault)
    whole = vault.path.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    vault.path.write_bytes(bytes(changed))
    try:
        with pytest.raises(VaultError, match=r"damaged|locked with key"):
            vault.values("email", why="a test")
    finally:
        vault.path.write_bytes(whole)


@pytest.mark.parametrize("length", [0, 10, 60])
def test_a_cut_vault_is_refused(vault, length):
    filled(vault)
    vault.path.write_bytes(vault.path.read_bytes()[:length])
    with pytest.raises(VaultError, match="damaged"):
        vault.values("email", why="a test")


def test_a_vault_that_others_can_read_is_refused(vault):
    filled(vault)
    vault.path.chmod(0o644)
    with pytest.raises(VaultError, match="can be read by others"):
        vault.values("email", why="a test")


def test_no_vault_is_said_with_what_to_do(vault):
    with pytest.raises(VaultError, match="make reports"):
        vault.values("email", why="a test")


def test_a_new_key_gives_new_pseudonyms_that_old_ones_lead_to(vault, other_key):
    ann = filled(vault)
    rotated = vault.rotate(other_key)
    now = rotated.renamed()["email"][ann]
    assert now == Pseudonyms(other_key).one(ANN, domain="email") != ann
    assert rotated.look_up(ann, why="an old report") == rotated.look_up(now, why="a test") == {"email": ANN}
    with pytest.raises(VaultError):
        vault.values("email", why="the old key")
    assert vault.rotate(other_key).renamed() == rotated.renamed(), "called again, nothing changes"
    third = Key(bytes(range(2, 34)))
    twice = rotated.rotate(third)
    assert twice.renamed()["email"][ann] == twice.renamed()["email"][now] == Pseudonyms(third).one(ANN, domain="email")


def test_what_is_removed_is_gone_with_all_its_names(vault, other_key):
    ann = filled(vault)
    rotated = vault.rotate(other_key)
    assert rotated.remove({"email": {rotated.renamed()["email"][ann]}}, why="she asked") == 1
    for name in (ann, Pseudonyms(other_key).one(ANN, domain="email")):
        with pytest.raises(VaultError, match="no such pseudonym"):
            rotated.look_up(name, why="a test")
    assert list(rotated.values("email", why="a test").values()) == [BOB]


def test_a_value_stays_as_it_was_first_delivered(vault):
    vault.add({"customer": {"k": "Ann@example.org"}})
    assert vault.add({"customer": {"k": "ANN@example.org"}}) == 0
    assert vault.values("customer", why="a test") == {"k": "Ann@example.org"}


def test_a_broken_twin_that_only_encodes_is_found_out(vault):
    import base64

    filled(vault)
    twin = base64.b64encode(ANN.encode())
    assert ANN.encode() in base64.b64decode(twin)
    assert twin not in vault.path.read_bytes()
