"""Names and columns that several tables of the stage ``satisfaction`` share."""

from __future__ import annotations

from customer_patterns.schemas import Column

#: What stands for all waves together in a column of waves.
ALL_WAVES = "all waves"

#: What stands for contentment overall, and for the question whether one recommends, among the dimensions.
OVERALL, RECOMMENDATION = "overall", "recommendation"

NPS_MEASURE = "NPS"

MEAN_OF_DIMENSIONS = "mean of the dimensions"

#: Scores that are estimated in several versions.
SCORES = ("NPS", "content", "overall")

#: What tables of answers read, and those that say who was asked too.
ANSWERS = ("survey_items", "survey_responses")

ASKED = (*ANSWERS, "survey_invitations")

WAVE = Column("wave", "text", "the wave's name, or all waves together", label="Wave")

DIMENSION = Column("dimension", "text", "what the items are about", label="Dimension")


def answers(meaning: str = "answers that the figure rests on", unit: str = "answers", label: str = "Answers") -> Column:
    """How many answers a figure rests on; of few the number is missing."""
    return Column("n", "integer", meaning, label=label, unit=unit, nullable=True, minimum=0)


def customers(meaning: str = "customers who gave them") -> Column:
    """How many customers stand behind them."""
    return Column("customers", "integer", meaning, "Customers", unit="customers", nullable=True, minimum=0)
