"""Watching satisfaction over waves, without alarms from noise or from questions read otherwise."""

from customer_patterns.satisfaction.monitoring.chart import control_chart, latest
from customer_patterns.satisfaction.monitoring.comparable import comparable_between_waves

__all__ = ["comparable_between_waves", "control_chart", "latest"]
