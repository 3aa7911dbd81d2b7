"""What behavior alone tells of how content customers are, tested on answers that were not learned from."""

from customer_patterns.satisfaction.proxy.figures import FINDINGS, READERS, named_tests
from customer_patterns.satisfaction.proxy.proxy import behavior_proxy, proxy_signals
from customer_patterns.satisfaction.proxy.signals import SIGNALS, signals_before
from customer_patterns.satisfaction.proxy.tables import TABLES

__all__ = [
    "FINDINGS",
    "READERS",
    "SIGNALS",
    "TABLES",
    "behavior_proxy",
    "named_tests",
    "proxy_signals",
    "signals_before",
]
