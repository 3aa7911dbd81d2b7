"""What each customer prefers, whether that changes, where their loyalty goes, and which orders are unlike them."""

from customer_patterns.patterns.preferences import tables
from customer_patterns.patterns.preferences.change import change_steps, count_changes, preference_changes
from customer_patterns.patterns.preferences.channels import (
    channel_preferences,
    count_channel_customers,
    dominant_channels,
)
from customer_patterns.patterns.preferences.choices import (
    ATTRIBUTES,
    Choices,
    attributes_known,
    read_choices,
)
from customer_patterns.patterns.preferences.dirichlet import Population, fit_population, posterior_shares
from customer_patterns.patterns.preferences.figures import FINDINGS, READERS
from customer_patterns.patterns.preferences.orders import Orders, read_orders
from customer_patterns.patterns.preferences.several import (
    each_change,
    each_forecast,
    each_preference,
    each_strength,
    read_each,
)
from customer_patterns.patterns.preferences.sizes import add_size_class
from customer_patterns.patterns.preferences.switches import Switches, category_switches
from customer_patterns.patterns.preferences.switching import summarize_switching, switching, switching_rates
from customer_patterns.patterns.preferences.tables import TABLES
from customer_patterns.patterns.preferences.tastes import preference_forecasts, preference_strength, preference_table
from customer_patterns.patterns.preferences.trend import Weeks, count_trends, group_trends, loyalty_trends
from customer_patterns.patterns.preferences.unusual import count_unusual, unusual_orders
from customer_patterns.patterns.preferences.weekly import count_weeks

__all__ = [
    "ATTRIBUTES",
    "FINDINGS",
    "READERS",
    "TABLES",
    "Choices",
    "Orders",
    "Population",
    "Switches",
    "Weeks",
    "add_size_class",
    "attributes_known",
    "category_switches",
    "change_steps",
    "channel_preferences",
    "count_changes",
    "count_channel_customers",
    "count_trends",
    "count_unusual",
    "count_weeks",
    "dominant_channels",
    "each_change",
    "each_forecast",
    "each_preference",
    "each_strength",
    "fit_population",
    "group_trends",
    "loyalty_trends",
    "posterior_shares",
    "preference_changes",
    "preference_forecasts",
    "preference_strength",
    "preference_table",
    "read_choices",
    "read_each",
    "read_orders",
    "summarize_switching",
    "switching",
    "switching_rates",
    "tables",
    "unusual_orders",
]
