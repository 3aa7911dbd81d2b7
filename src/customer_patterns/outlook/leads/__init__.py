"""Which opportunities will be won: chances tested on later opportunities, beside the rate of their stage."""

from customer_patterns.outlook.leads import figures
from customer_patterns.outlook.leads.scores import Leads, score_leads
from customer_patterns.outlook.leads.tables import TABLES

__all__ = ["TABLES", "Leads", "figures", "score_leads"]
