"""Customer Patterns: what customers do, what goes together, and how sure we are."""

__version__ = "0.1.0"
