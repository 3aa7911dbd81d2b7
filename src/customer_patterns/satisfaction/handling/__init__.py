"""How contacts are handled: waits beside ratings, agents beside each other, improvements before and after."""

from customer_patterns.satisfaction.handling.agents import agent_cases, agent_numbers, numbered, service_agents
from customer_patterns.satisfaction.handling.figures import FINDINGS, READERS
from customer_patterns.satisfaction.handling.improvements import improvements
from customer_patterns.satisfaction.handling.tables import TABLES
from customer_patterns.satisfaction.handling.waits import waits_and_ratings

__all__ = [
    "FINDINGS",
    "READERS",
    "TABLES",
    "agent_cases",
    "agent_numbers",
    "improvements",
    "numbered",
    "service_agents",
    "waits_and_ratings",
]
