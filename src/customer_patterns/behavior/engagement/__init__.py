"""Engagement: how far newcomers come, visits without an order, e-mails, loyalty points, service, sales, usage."""

from customer_patterns.behavior.engagement import figures, tables
from customer_patterns.behavior.engagement.browsing import (
    frequent_visitors,
    visiting_without_order,
    visits_without_order,
)
from customer_patterns.behavior.engagement.contracts import contract_survival
from customer_patterns.behavior.engagement.figures import (
    campaigns_shown,
    loyalty_facts,
    stages_shown,
    usage_facts,
)
from customer_patterns.behavior.engagement.life_cohorts import life_cohorts
from customer_patterns.behavior.engagement.loyalty import loyalty_figures, loyalty_groups, loyalty_members
from customer_patterns.behavior.engagement.mail import mail_campaigns, mail_engagement, outcomes
from customer_patterns.behavior.engagement.service_load import PER_ORDERS, service_topics, service_weeks
from customer_patterns.behavior.engagement.stage_losses import stage_losses
from customer_patterns.behavior.engagement.tables import TABLES
from customer_patterns.behavior.engagement.usage import usage_days, usage_figures, usage_retention

__all__ = [
    "PER_ORDERS",
    "TABLES",
    "campaigns_shown",
    "contract_survival",
    "figures",
    "frequent_visitors",
    "life_cohorts",
    "loyalty_facts",
    "loyalty_figures",
    "loyalty_groups",
    "loyalty_members",
    "mail_campaigns",
    "mail_engagement",
    "outcomes",
    "service_topics",
    "service_weeks",
    "stage_losses",
    "stages_shown",
    "tables",
    "usage_days",
    "usage_facts",
    "usage_figures",
    "usage_retention",
    "visiting_without_order",
    "visits_without_order",
]
