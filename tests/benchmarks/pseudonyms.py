"""How fast identifiers become pseudonyms, on one core."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator

from customer_patterns.privacy import Key, Pseudonyms
from tests.benchmarks.measured import Measured

VALUES, AIM = 1_000_000, 400_000


def measure() -> Iterator[Measured]:
    """Name a million different addresses; beside it Python's own HMAC of the same values."""
    values = [f"customer{n}@example.org" for n in range(VALUES)]
    naming = Pseudonyms(Key(bytes(range(32))))
    named, ours = _timed(lambda: naming.of(values, domain="email"))
    secret = Key(bytes(range(32))).derive("pseudonyms of email")
    digests, theirs = _timed(lambda: [hmac.new(secret, v.encode(), hashlib.sha256).hexdigest()[:24] for v in values])
    same = all(one.endswith(other) for one, other in zip(named, digests, strict=True))
    rate = VALUES / ours
    yield Measured(
        "pseudonyms, HMAC-SHA256",
        f"{rate:,.0f} a second and core{'' if same else ', NOT THE STANDARD'}",
        f"Python's hmac {VALUES / theirs:,.0f} ({theirs / ours:.1f} times)",
        f"at least {AIM:,}",
        rate >= AIM and same,
    )


def _timed(work):
    began = time.process_time()
    done = work()
    return done, time.process_time() - began
