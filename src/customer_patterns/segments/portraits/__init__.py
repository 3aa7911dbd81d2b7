"""Portraits of segments and value tiers, a card each."""
