"""Every promise of collection and cleaning is held by tests that exist and are not skipped."""

from __future__ import annotations

import pytest

from tests.capabilities import PROMISES
from tests.test_bad_inputs import missing


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_names_tests_that_there_are(promise: str) -> None:
    assert PROMISES[promise]
    assert missing(PROMISES[promise]) == []


def test_a_promise_without_a_test_would_be_noticed() -> None:
    assert missing(("test_capabilities.py::test_that_nobody_wrote",)) != []
