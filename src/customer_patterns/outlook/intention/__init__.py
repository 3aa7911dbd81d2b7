"""Who will buy within the next weeks."""

from customer_patterns.outlook.intention import figures, tables
from customer_patterns.outlook.intention.buying import Intentions, needed_days, purchase_intentions
from customer_patterns.outlook.intention.figures import calibration_lines
from customer_patterns.outlook.intention.tables import TABLES

__all__ = ["TABLES", "Intentions", "calibration_lines", "figures", "needed_days", "purchase_intentions", "tables"]
