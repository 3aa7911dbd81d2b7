"""What many tests need: a planted shop delivered once, and its pipeline run once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from customer_patterns.privacy import KEY
from customer_patterns.sources.planted_shop import simulate
from customer_patterns.wording import Voice, set_voice
from tests.notebooks_in_process import PLANTED, deliver, run_pipeline


@pytest.fixture(autouse=True)
def _own_voice() -> Iterator[None]:
    """A notebook run in this process sets the voice of its study; the next test does not inherit it."""
    before = set_voice(Voice())
    yield
    set_voice(before)


@pytest.fixture(scope="module")
def with_key() -> Iterator[None]:
    """A key, without which a study of persons who are not called simulated is refused."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY, "a phrase of the tests, and no secret")
        yield


@pytest.fixture(scope="session")
def planted_delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The delivery of the study ``planted-shop``; read only."""
    folder = tmp_path_factory.mktemp("delivery") / PLANTED
    simulate(folder)
    return folder


@pytest.fixture(scope="session")
def planted_root(tmp_path_factory: pytest.TempPathFactory, planted_delivery: Path) -> Path:
    """An output root with the planted shop's delivery; runs of several dates may lie in it side by side."""
    return deliver(planted_delivery, tmp_path_factory.mktemp("root"))


@pytest.fixture(scope="session")
def planted_run(planted_root: Path) -> Path:
    """The folder of a whole run of ``planted-shop`` on its last day, with its executed chapters; read only."""
    return run_pipeline(planted_root, as_of="2017-12-31", chapters=True)


@pytest.fixture
def fresh_root(tmp_path: Path, planted_delivery: Path) -> Callable[[str], Path]:
    """Make output roots with a copy of the delivery each, which a test may change."""
    return lambda name: deliver(planted_delivery, tmp_path / name)
