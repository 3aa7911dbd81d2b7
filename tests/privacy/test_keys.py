"""Where a key comes from, and the keys that are refused."""

from __future__ import annotations

import os

import pytest

from customer_patterns.privacy import KEY, KEY_FILE, Key, KeyProblem, find_key, key_file, make_key, need_key, read_key
from customer_patterns.privacy.keys import simulated_key


def test_a_key_is_made_for_its_owner_only_and_found_again(tmp_path):
    made = make_key(key_file(), outside=(tmp_path / "repository",))
    assert key_file().stat().st_mode & 0o777 == 0o600
    assert find_key() == made
    assert made.secret.hex() not in repr(made)


def test_a_key_is_never_written_over():
    made = make_key(key_file())
    with pytest.raises(KeyProblem, match="never written over"):
        make_key(key_file())
    assert find_key() == made


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_can_read_is_refused(mode):
    make_key(key_file())
    key_file().chmod(mode)
    with pytest.raises(KeyProblem, match="can be read by others"):
        find_key()


def test_a_key_inside_the_repository_is_refused(tmp_path):
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    for path, outside in ((tmp_path / "repo" / "data" / "key", ()), (tmp_path / "root" / "key", (tmp_path / "root",))):
        with pytest.raises(KeyProblem, match="lies inside"):
            make_key(path, outside=outside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("ab" * 32)
        path.chmod(0o600)
        with pytest.raises(KeyProblem, match="lies inside"):
            read_key(path, outside=outside)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_key_is_refused_with_the_command_that_makes_one(monkeypatch, text):
    monkeypatch.setenv(KEY, text)
    with pytest.raises(KeyProblem, match=r"is empty.*vault make-key"):
        find_key()
    monkeypatch.delenv(KEY)
    key_file().parent.mkdir(parents=True)
    key_file().write_text(text)
    key_file().chmod(0o600)
    with pytest.raises(KeyProblem, match=r"is empty.*vault make-key"):
        find_key()


def test_a_short_key_is_refused(monkeypatch):
    monkeypatch.setenv(KEY, "secret")
    with pytest.raises(KeyProblem, match="found by trying"):
        find_key()


def test_no_key_at_all_is_said_with_what_to_do(monkeypatch, tmp_path):
    assert find_key() is None
    with pytest.raises(KeyProblem, match="study 'x' delivers names, and there is no key; make one with"):
        need_key(why="study 'x' delivers names")
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "gone"))
    with pytest.raises(KeyProblem, match="names gone, which is not there"):
        find_key()


def test_digits_and_a_pass_phrase_are_keys(monkeypatch):
    monkeypatch.setenv(KEY, "0f" * 32)
    assert find_key() == Key(b"\x0f" * 32)
    monkeypatch.setenv(KEY, "a pass phrase of some length")
    assert find_key() == find_key() != Key(b"\x0f" * 32)


def test_each_purpose_has_a_key_of_its_own(key, other_key):
    purposes = ["vault", "seals", "pseudonyms of email", "pseudonyms of phone"]
    assert len({k.derive(p) for k in (key, other_key) for p in purposes}) == 8
    assert key.id != other_key.id
    assert simulated_key("a").simulated
    assert simulated_key("a") != simulated_key("b")


def test_the_environment_wins_over_the_file(monkeypatch):
    make_key(key_file())
    monkeypatch.setenv(KEY, "0f" * 32)
    assert find_key() == Key(b"\x0f" * 32)
    assert os.environ[KEY] == "0f" * 32
