"""Several things made at once are those that are made one after the other, and fail as those would."""

from __future__ import annotations

import os
import sys
import time

import pytest

from customer_patterns.reporting import at_once
from customer_patterns.reporting.at_once import all_at_once

forks = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")


@pytest.fixture(autouse=True)
def two_processors(monkeypatch):
    monkeypatch.setattr(at_once.os, "cpu_count", lambda: 2)


@pytest.mark.parametrize("things", [[], ["en"], ["en", "zh"], ["en", "zh", "de", "fr"]])
def test_all_are_made_in_their_order(things):
    assert all_at_once(str.upper, things) == [thing.upper() for thing in things]


@forks
def test_the_second_is_made_by_another_process():
    here, there, again = all_at_once(lambda _: os.getpid(), ["en", "zh", "de"])
    assert here == again == os.getpid() != there


@forks
def test_both_are_at_work_at_the_same_time():
    began = time.perf_counter()
    all_at_once(lambda _: time.sleep(1), ["en", "zh"])
    assert time.perf_counter() - began < 1.9


@pytest.mark.parametrize("wrong", ["en", "zh"])
def test_what_goes_wrong_is_raised_as_it_was(wrong):
    def make(language: str) -> str:
        if language == wrong:
            raise ValueError(f"no words in {language}")
        return language

    with pytest.raises(ValueError, match=f"no words in {wrong}"):
        all_at_once(make, ["en", "zh"])


@forks
def test_what_a_copy_cannot_say_is_made_here(monkeypatch):
    """A copy that dies, and one that hangs."""
    here = os.getpid()
    monkeypatch.setattr(at_once, "PATIENCE", 0.2)

    def make(way: str) -> str:
        if os.getpid() != here:
            os._exit(1) if way == "dies" else time.sleep(30)
        return way

    began = time.perf_counter()
    assert all_at_once(make, ["en", "dies"]) == ["en", "dies"]
    assert all_at_once(make, ["en", "hangs"]) == ["en", "hangs"]
    assert time.perf_counter() - began < 20


def test_with_one_processor_all_are_made_here(monkeypatch):
    monkeypatch.setattr(at_once.os, "cpu_count", lambda: 1)
    assert all_at_once(lambda _: os.getpid(), ["en", "zh"]) == [os.getpid()] * 2
