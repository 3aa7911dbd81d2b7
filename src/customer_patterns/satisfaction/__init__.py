"""Floor 6: how content customers say they are, with what, and whether it shows in what they do."""

from customer_patterns.features.cells import shown
from customer_patterns.satisfaction import (
    handling,
    listening,
    measurement,
    monitoring,
    products,
    proxy,
    standard,
    tables,
    text,
    together,
    weighting,
)
from customer_patterns.satisfaction.answering import answer_weights, weighting_classes
from customer_patterns.satisfaction.asymmetry import drawn_slopes, penalties_and_rewards
from customer_patterns.satisfaction.behavior_link import (
    after_answers,
    done_and_said,
    said_and_done,
    stated_and_revealed,
)
from customer_patterns.satisfaction.by_segment import segment_scores
from customer_patterns.satisfaction.complaints import bad_contacts, complaint_topics
from customer_patterns.satisfaction.driver_views import driver_views
from customer_patterns.satisfaction.drivers import MOST_DIMENSIONS, drivers, shapley_shares
from customer_patterns.satisfaction.figures import Figures, findings_that_suffice
from customer_patterns.satisfaction.group_drivers import group_drivers
from customer_patterns.satisfaction.nonresponse import invitations, survey_waves, who_answered
from customer_patterns.satisfaction.planning import response_rate, survey_plan
from customer_patterns.satisfaction.reliability import cronbach_alpha, item_quality, mcdonald_omega, reliability
from customer_patterns.satisfaction.reviews import feedback_months, star_mean, star_shares, written_texts
from customer_patterns.satisfaction.rows import of_all_waves, of_grouping, of_score, of_segments, scenarios_agree
from customer_patterns.satisfaction.scores import csat_by_wave, dimension_scores, net_promoter_score, nps_by_wave
from customer_patterns.satisfaction.service import (
    contact_satisfaction,
    contact_waits,
    feedback_counts,
    response_times,
)
from customer_patterns.satisfaction.sheets import Sheets, answer_sheets, customer_scores
from customer_patterns.satisfaction.versions import score_versions

TABLES = {
    **tables.TABLES,
    **measurement.TABLES,
    **listening.TABLES,
    **text.TABLES,
    **standard.TABLES,
    **weighting.TABLES,
    **together.TABLES,
    **proxy.TABLES,
    **products.TABLES,
    **handling.TABLES,
}

__all__ = [
    "MOST_DIMENSIONS",
    "TABLES",
    "Figures",
    "Sheets",
    "after_answers",
    "answer_sheets",
    "answer_weights",
    "contact_satisfaction",
    "contact_waits",
    "cronbach_alpha",
    "csat_by_wave",
    "customer_scores",
    "dimension_scores",
    "bad_contacts",
    "complaint_topics",
    "done_and_said",
    "drawn_slopes",
    "driver_views",
    "drivers",
    "feedback_counts",
    "feedback_months",
    "findings_that_suffice",
    "group_drivers",
    "handling",
    "invitations",
    "item_quality",
    "mcdonald_omega",
    "listening",
    "measurement",
    "monitoring",
    "net_promoter_score",
    "nps_by_wave",
    "of_all_waves",
    "of_grouping",
    "of_score",
    "of_segments",
    "penalties_and_rewards",
    "products",
    "proxy",
    "reliability",
    "response_rate",
    "response_times",
    "said_and_done",
    "scenarios_agree",
    "score_versions",
    "segment_scores",
    "shapley_shares",
    "shown",
    "standard",
    "star_mean",
    "star_shares",
    "stated_and_revealed",
    "survey_plan",
    "survey_waves",
    "tables",
    "text",
    "together",
    "weighting",
    "weighting_classes",
    "who_answered",
    "written_texts",
]
