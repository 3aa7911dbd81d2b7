"""The companion: simulated answers, service contacts and feedback texts to purchases that have happened.

No public data set holds purchases, answers, contacts and texts of the same customers. The companion adds the last three
to purchases, with every truth known: how content customers are, what counts for it, who keeps silent. It says nothing
about the customers whose purchases it accompanies.
"""

from customer_patterns.sources.companion.households import Purchases
from customer_patterns.sources.companion.plan import Plan
from customer_patterns.sources.companion.simulate import Companion, draw_companion

__all__ = ["Companion", "Plan", "Purchases", "draw_companion"]
