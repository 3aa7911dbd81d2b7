"""A place for keys and vaults of their own."""

from __future__ import annotations

import pytest

from customer_patterns.privacy import KEY, KEY_FILE, Key, Vault


@pytest.fixture(autouse=True)
def no_key(monkeypatch, tmp_path):
    """No key of whoever runs the tests."""
    monkeypatch.delenv(KEY, raising=False)
    monkeypatch.delenv(KEY_FILE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def key():
    return Key(bytes(range(32)))


@pytest.fixture
def other_key():
    return Key(bytes(range(1, 33)))


@pytest.fixture
def vault(tmp_path, key):
    return Vault(tmp_path / "vault" / "shop.vault", key)
