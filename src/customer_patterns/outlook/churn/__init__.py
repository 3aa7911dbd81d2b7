"""Who is leaving, what leaving means here, whether it can be told beforehand, and whom to call first."""

from customer_patterns.outlook.churn import figures, tables
from customer_patterns.outlook.churn.alive import alive_at, alive_then
from customer_patterns.outlook.churn.backtest import BackTest, back_test, count_cuts, judge_methods, tested_calibration
from customer_patterns.outlook.churn.calls import call_profit
from customer_patterns.outlook.churn.definitions import conclusions, count_labels, label_agreement, who_left
from customer_patterns.outlook.churn.figures import came_back, chosen
from customer_patterns.outlook.churn.history import History, Terms, history
from customer_patterns.outlook.churn.lineage import as_real_as_orders
from customer_patterns.outlook.churn.lost import basket_inflation, inflation_before, lost_by_contacts, lost_by_purchases
from customer_patterns.outlook.churn.outcomes import outcomes_at
from customer_patterns.outlook.churn.preceding import leavers_and_stayers, name_sequences
from customer_patterns.outlook.churn.tables import TABLES
from customer_patterns.outlook.churn.warning import (
    count_reasons,
    explain_alerts,
    foretell,
    precision_at,
    score_customers,
    warn_early,
)

__all__ = [
    "TABLES",
    "BackTest",
    "History",
    "Terms",
    "alive_at",
    "alive_then",
    "as_real_as_orders",
    "back_test",
    "basket_inflation",
    "call_profit",
    "came_back",
    "chosen",
    "conclusions",
    "count_cuts",
    "count_labels",
    "count_reasons",
    "explain_alerts",
    "figures",
    "foretell",
    "history",
    "inflation_before",
    "judge_methods",
    "label_agreement",
    "leavers_and_stayers",
    "lost_by_contacts",
    "lost_by_purchases",
    "name_sequences",
    "outcomes_at",
    "precision_at",
    "score_customers",
    "tables",
    "tested_calibration",
    "warn_early",
    "who_left",
]
