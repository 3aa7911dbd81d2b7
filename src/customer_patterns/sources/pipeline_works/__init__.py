"""The pipeline works: a wholly simulated maker of pumps that sells to other companies, every truth known.

It describes no real company, account or order. Leads become analyses, quotes and contracts, or are lost; what is won is
ordered, and pumps need parts and service.
"""

from customer_patterns.sources.pipeline_works.delivery import Delivery, Works, draw_works, simulate
from customer_patterns.sources.pipeline_works.plan import Plan

__all__ = ["Delivery", "Plan", "Works", "draw_works", "simulate"]
