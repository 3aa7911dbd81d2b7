"""The planted shop: a wholly simulated grocer, every truth known, delivered as raw files from a seed.

It describes no real person, shop or purchase. Plan it, draw it, deliver it:

- :func:`plan_shop` settles what is true (types of shopper, rates, dates, tastes, pairs, promotions, campaigns);
- :func:`draw_orders` draws purchases from that truth, :func:`blemish` spoils some records in known ways; both without
  a disk, so that a method can be scored on what is planted;
- :func:`simulate` writes the whole as a delivery with its truth beside it.
"""

from customer_patterns.sources.planted_shop.blemishes import blemish
from customer_patterns.sources.planted_shop.delivery import Delivery, read_delivery, simulate
from customer_patterns.sources.planted_shop.orders import Drawn, draw_blocks, draw_orders, tastes
from customer_patterns.sources.planted_shop.plan import Truth, plan_shop
from customer_patterns.sources.planted_shop.settings import Plan
from customer_patterns.sources.simulated import DeliveryExists

__all__ = [
    "Delivery",
    "DeliveryExists",
    "Drawn",
    "Plan",
    "Truth",
    "blemish",
    "draw_blocks",
    "draw_orders",
    "plan_shop",
    "read_delivery",
    "simulate",
    "tastes",
]
