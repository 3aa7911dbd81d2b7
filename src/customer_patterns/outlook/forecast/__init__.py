"""What will be sold: sales, orders and units per day, judged by forecasts made before; the stock that suffices."""

from customer_patterns.outlook.forecast import figures
from customer_patterns.outlook.forecast.reconcile import parts_add_up
from customer_patterns.outlook.forecast.sold import SalesForecast, forecast_sales
from customer_patterns.outlook.forecast.tables import TABLES

__all__ = ["TABLES", "SalesForecast", "figures", "forecast_sales", "parts_add_up"]
