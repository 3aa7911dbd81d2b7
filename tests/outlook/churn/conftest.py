"""A shop in which some customers slide away over six weeks."""

from __future__ import annotations

import pytest

from customer_patterns.outlook import churn
from tests.outlook.shop import FIRST, LAST, drawn_days

PERIOD = {"first_day": FIRST, "last_day": LAST}


@pytest.fixture(scope="session")
def days():
    return drawn_days(21, customers=2000)


@pytest.fixture(scope="session")
def history(days) -> churn.History:
    return churn.history(days, **PERIOD)


@pytest.fixture(scope="session")
def tested(history) -> churn.BackTest:
    return churn.back_test(history)
