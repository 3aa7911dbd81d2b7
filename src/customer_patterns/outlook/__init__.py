"""Floor 6: what customers are worth, who is leaving, and what they will buy."""

from customer_patterns.outlook import churn, forecast, intention, leads, trend, value
from customer_patterns.outlook.figures import FINDINGS, Figures
from customer_patterns.outlook.tables import TABLES

__all__ = [
    "FINDINGS",
    "Figures",
    "TABLES",
    "churn",
    "forecast",
    "intention",
    "leads",
    "trend",
    "value",
]
