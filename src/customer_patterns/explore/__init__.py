"""Floor 8: an analyst's way into a study's tables, which can read everything and overwrite nothing.

>>> from customer_patterns.explore import open_study
>>> data = open_study("complete-journey", sample=0.1)  # doctest: +SKIP
>>> data.order_lines.count()  # doctest: +SKIP
>>> data.members(tier="Champions")  # doctest: +SKIP
>>> data.customer("1")  # doctest: +SKIP
"""

from customer_patterns.explore.customer import CustomerView, NoCustomer
from customer_patterns.explore.opening import ExploreError, Explorer, NoTable, _bucket, open_study

__all__ = ["CustomerView", "ExploreError", "Explorer", "NoCustomer", "NoTable", "_bucket", "open_study"]
