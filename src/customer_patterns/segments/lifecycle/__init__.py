"""Stages of life as a customer, by declared rules in units of each customer's own habit."""
