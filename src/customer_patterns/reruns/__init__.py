"""Floor 8: builds and reruns: what is stale and why, in which order it is made, what a scheduler is told."""

from customer_patterns.reruns.outcome import FAILED, REFUSED, WAITING, BuildFailed, StageFailed, Waiting

__all__ = ["FAILED", "REFUSED", "WAITING", "BuildFailed", "StageFailed", "Waiting"]
