"""What customers are worth: orders and money to be expected over a stated horizon, with intervals."""

from customer_patterns.outlook.value import figures, tables
from customer_patterns.outlook.value.backtest import backtest, came_after, drawn_backtest
from customer_patterns.outlook.value.beside_sales import worth_beside_sales
from customer_patterns.outlook.value.changes import worth_changes, worth_dates
from customer_patterns.outlook.value.chapter import Worth, worth_of_customers
from customer_patterns.outlook.value.contracts import contract_spells, contract_worth
from customer_patterns.outlook.value.expected import Expected, expect_orders
from customer_patterns.outlook.value.fit import Fit, fit_orders, most_regular
from customer_patterns.outlook.value.futures import Crowd, Fitted, Futures, draw_futures, refits, resample
from customer_patterns.outlook.value.histories import Histories, histories
from customer_patterns.outlook.value.likelihood import BG_NBD, MBG_NBD, Likelihood, Model, mbg_cnbd
from customer_patterns.outlook.value.spans import Span
from customer_patterns.outlook.value.spend import Spend, expect_spend, fit_spend
from customer_patterns.outlook.value.standing import Standing, stand_at
from customer_patterns.outlook.value.tables import TABLES
from customer_patterns.outlook.value.watched import histories_of, mean_values, watch_customers
from customer_patterns.outlook.value.worth import continued_revenue, customer_values, worth_by_group, worth_total

__all__ = [
    "BG_NBD",
    "Crowd",
    "Expected",
    "Fit",
    "Fitted",
    "Futures",
    "Histories",
    "Likelihood",
    "MBG_NBD",
    "Model",
    "Span",
    "Spend",
    "Standing",
    "TABLES",
    "Worth",
    "backtest",
    "came_after",
    "continued_revenue",
    "contract_spells",
    "contract_worth",
    "customer_values",
    "draw_futures",
    "drawn_backtest",
    "expect_orders",
    "expect_spend",
    "figures",
    "fit_orders",
    "fit_spend",
    "histories",
    "histories_of",
    "mbg_cnbd",
    "mean_values",
    "most_regular",
    "refits",
    "resample",
    "stand_at",
    "tables",
    "watch_customers",
    "worth_beside_sales",
    "worth_by_group",
    "worth_changes",
    "worth_dates",
    "worth_of_customers",
    "worth_total",
]
