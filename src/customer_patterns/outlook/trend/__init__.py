"""What is rising, what is falling, and since when: directions and changes of level with their probability."""

from customer_patterns.outlook.trend import figures
from customer_patterns.outlook.trend.tables import TABLES
from customer_patterns.outlook.trend.weeks import FEWEST_WEEKS, trends, weekly_figures

__all__ = ["FEWEST_WEEKS", "TABLES", "figures", "trends", "weekly_figures"]
