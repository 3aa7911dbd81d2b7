"""The tables that the stage ``satisfaction`` writes."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns

#: What stands for all waves together in a column of waves.
ALL_WAVES = "all waves"
#: What stands for contentment overall, and for the question whether one recommends, among the dimensions.
OVERALL, RECOMMENDATION = "overall", "recommendation"
NPS_MEASURE = "NPS"
MEAN_OF_DIMENSIONS = "mean of the dimensions"

#: Scores that are estimated in several versions.
SCORES = ("NPS", "content", "overall")
VERSIONS = ("as answered", "weighted by past behavior", "without straight-liners")
#: Waits for a first answer, from the shortest.
BANDS = (
    "within an hour",
    "within four hours",
    "within a day",
    "within three days",
    "later",
    "not answered yet",
)

_ANSWERS = ("survey_items", "survey_responses")
_ASKED = (*_ANSWERS, "survey_invitations")

_WAVE = Column("wave", "text", "the wave's name, or all waves together", label="Wave")
_DIMENSION = Column("dimension", "text", "what the items are about", label="Dimension")


def _n(meaning: str = "answers that the figure rests on", unit: str = "answers", label: str = "Answers") -> Column:
    return Column("n", "integer", meaning, label=label, unit=unit, nullable=True, minimum=0)


def _customers(meaning: str = "customers who gave them") -> Column:
    return Column("customers", "integer", meaning, "Customers", unit="customers", nullable=True, minimum=0)


CUSTOMER_SCORES = TableSchema(
    name="customer_scores",
    grain="customer, wave and score",
    key=("wave", "customer_id", "measure"),
    meaning="What each customer's answers of a wave come to. Never printed: a row is about one customer.",
    columns=(
        Column("wave", "text", "the wave's name"),
        Column("customer_id", "text", "who answered"),
        Column("answered_on", "date", "day of the last answer", unit="local day"),
        Column("measure", "text", "overall, recommendation, or a dimension"),
        Column("score", "number", "0 to 100, the recommendation 0 to 10", minimum=0, maximum=100),
    ),
    reads=_ANSWERS,
)

SURVEY_WAVES = TableSchema(
    name="survey_waves",
    grain="wave of the survey",
    key=("wave",),
    meaning="Who was asked in each wave, and how many answered.",
    columns=(
        Column("wave", "text", "the wave's name", label="Wave"),
        Column("first_on", "date", "first day of an invitation or an answer", label="From", unit="local day"),
        Column("last_on", "date", "last day of an invitation or an answer", label="To", unit="local day"),
        Column("n", "integer", "customers who were asked", "Asked", "customers", nullable=True, minimum=0),
        Column(
            "answered",
            "integer",
            "of them, how many gave any answer",
            label="Answered",
            unit="customers",
            nullable=True,
            minimum=0,
        ),
        Column(
            "sheets",
            "integer",
            "customers who gave any answer, asked or not",
            label="Answer sheets",
            unit="customers",
            nullable=True,
            minimum=0,
        ),
        *estimate_columns("response_rate", "share", "share of those asked who answered", "Response rate"),
        Column(
            "status",
            "text",
            "whether the wave is over, or nobody knows who was asked",
            label="Wave is",
            levels=("closed", "still open", "not known"),
        ),
        SUPPRESSED,
    ),
    reads=_ASKED,
)

NPS = TableSchema(
    name="nps",
    grain="wave",
    key=("wave",),
    meaning="Net Promoter Score: promoters (9 or 10) less detractors (0 to 6), in points.",
    columns=(
        _WAVE,
        _n(),
        _customers(),
        Column("promoters", "share", "share who answered 9 or 10", "Promoters", "share", True, 0, 1),
        Column("detractors", "share", "share who answered 0 to 6", "Detractors", "share", True, 0, 1),
        *estimate_columns("nps", "number", "Net Promoter Score", "NPS", "points", signed=True),
        SUPPRESSED,
    ),
    reads=_ANSWERS,
)

CSAT = TableSchema(
    name="csat",
    grain="wave",
    key=("wave",),
    meaning="Share who gave one of the two best answers when asked how content they are overall.",
    columns=(
        _WAVE,
        _n(),
        _customers(),
        *estimate_columns("csat", "share", "share of the content", "Content"),
        SUPPRESSED,
    ),
    reads=_ANSWERS,
)

DIMENSION_SCORES = TableSchema(
    name="dimension_scores",
    grain="dimension and wave",
    key=("dimension", "wave"),
    meaning="Mean score of each dimension, 0 (all gave the worst answer) to 100 (all gave the best).",
    columns=(
        _DIMENSION,
        _WAVE,
        _n(),
        _customers(),
        *estimate_columns("score", "number", "mean score, 0 to 100", "Score", "points"),
        SUPPRESSED,
    ),
    reads=_ANSWERS,
)

RELIABILITY = TableSchema(
    name="reliability",
    grain="dimension",
    key=("dimension",),
    meaning="Whether the items of a dimension measure one thing.",
    columns=(
        _DIMENSION,
        Column("items", "integer", "items of the dimension", label="Items", unit="items", minimum=1),
        _n("answer sheets with all of them"),
        _customers(),
        *estimate_columns("alpha", "number", "Cronbach's alpha", "Alpha", signed=True),
        *estimate_columns("omega", "number", "McDonald's omega", "Omega"),
        Column("floor", "number", "from which alpha on a score counts as reliable", label="Floor"),
        Column(
            "verdict",
            "text",
            "whether the interval of alpha lies above the floor",
            label="Verdict",
            levels=("reliable", "near the floor", "not reliable", "not enough data"),
        ),
    ),
    reads=_ANSWERS,
)

ITEM_QUALITY = TableSchema(
    name="item_quality",
    grain="item of a dimension",
    key=("item",),
    meaning="Each item's mean, and how it goes with the rest of its dimension.",
    columns=(
        _DIMENSION,
        Column("item", "text", "the item's key", label="Item"),
        Column("direction", "text", "how its answers were read", "Read as", levels=("positive", "reversed")),
        _n("answer sheets with all items of the dimension"),
        *estimate_columns("score", "number", "mean, 0 to 100", "Score", "points"),
        *estimate_columns(
            "item_rest", "number", "correlation with the sum of the others", "With the others", signed=True
        ),
    ),
    reads=_ANSWERS,
)

WHO_ANSWERED = TableSchema(
    name="who_answered",
    grain="characteristic",
    key=("characteristic",),
    meaning="What those who answered, and those who did not, had bought before they were asked.",
    columns=(
        Column(
            "characteristic",
            "text",
            "what is compared",
            label="Before they were asked",
            levels=("orders before", "revenue before", "days since the last order"),
        ),
        Column("n", "integer", "invitations that are compared", label="Invitations", unit="invitations", minimum=0),
        Column("answered", "integer", "of them, answered", label="Answered", unit="invitations", minimum=0),
        *estimate_columns("answered_share", "share", "share of the invitations that were answered", "Share answered"),
        *estimate_columns("answerers", "number", "mean of those who answered", "Answered"),
        *estimate_columns("others", "number", "mean of those who did not", "Did not answer"),
        *estimate_columns("difference", "number", "their difference in standard deviations", "Difference", signed=True),
    ),
    reads=(*_ASKED, "order_lines"),
)

SCORE_VERSIONS = TableSchema(
    name="score_versions",
    grain="score and version",
    key=("score", "version"),
    meaning="The scores as answered, weighted to all who were asked, and without straight-liners; in points.",
    columns=(
        Column("score", "text", "which score; content: in a hundred", label="Score", levels=SCORES),
        Column("version", "text", "how it was made", label="Version", levels=VERSIONS),
        _n("answers by customers who were asked"),
        _customers(),
        Column(
            "effective_n",
            "number",
            "equally weighted answers that would be as precise",
            label="Worth as many answers",
            unit="answers",
            minimum=0,
        ),
        *estimate_columns("value", "number", "the score", "Points", signed=True),
        *estimate_columns("shift", "number", "what it differs by from the score as answered", "Shift", signed=True),
    ),
    reads=(*_ASKED, "order_lines"),
)

SILENT_SCENARIOS = TableSchema(
    name="silent_scenarios",
    grain="score and scenario",
    key=("score", "points_below"),
    meaning="What the scores of all who were asked would be if the silent were less content by so many points.",
    columns=(
        Column("score", "text", "which score; content: in a hundred", label="Score", levels=SCORES),
        Column(
            "points_below", "number", "by how much the silent lie below", label="The silent lie lower by", unit="points"
        ),
        _n("answers by customers who were asked"),
        *estimate_columns("value", "number", "the score", "Points", signed=True),
    ),
    reads=(*_ASKED, "order_lines"),
)

QUADRANT_NAMES = ("keep it up", "look here first", "more than needed", "can wait")

DRIVERS = TableSchema(
    name="drivers",
    grain="dimension",
    key=("dimension",),
    meaning="How much of what the dimensions explain of contentment overall each accounts for, and how well it does.",
    columns=(
        Column("rank", "integer", "by importance, 1 the most important", label="Rank", minimum=1),
        _DIMENSION,
        _n("answer sheets with all dimensions"),
        _customers(),
        *estimate_columns("importance", "share", "part of the explained variance (LMG)", "Importance"),
        *estimate_columns("alone", "share", "explained by no other dimension, of all variance", "On its own"),
        *estimate_columns("performance", "number", "mean score, 0 to 100", "Performance", "points"),
        *estimate_columns("explained", "share", "variance that all dimensions explain together", "Explained by all"),
        Column(
            "quadrant",
            "text",
            "where importance and performance most likely lie against their means",
            label="Where it lies",
            levels=QUADRANT_NAMES,
        ),
        Column(
            "quadrant_probability", "share", "share of resamples in which it lies there", "Likely", "share", False, 0, 1
        ),
    ),
    reads=_ANSWERS,
)

DRIVER_PAIRS = TableSchema(
    name="driver_pairs",
    grain="pair of dimensions",
    key=("dimension", "other"),
    meaning="Which dimensions can be told apart by their importance.",
    columns=(
        Column("dimension", "text", "the more important one", label="Dimension"),
        Column("other", "text", "the less important one", label="Compared with"),
        _n("answer sheets with all dimensions"),
        *estimate_columns("difference", "number", "difference of importance", "Difference", "share", signed=True),
        Column(
            "verdict",
            "text",
            "whether the interval of the difference lies above zero",
            label="Verdict",
            levels=("told apart", "not told apart"),
        ),
    ),
    reads=_ANSWERS,
)

#: Where a slope holds, in a drawing of both.
BELOW, ABOVE = "below the median", "above the median"
MUST_BE, PERFORMANCE, DELIGHT, NO_EFFECT = KINDS = ("must-be", "performance", "delight", "no effect found")

ASYMMETRY = TableSchema(
    name="penalties_and_rewards",
    grain="dimension",
    key=("dimension",),
    meaning="By how much contentment overall falls where a dimension does badly, and rises where it does well.",
    columns=(
        _DIMENSION,
        _n("answer sheets with all dimensions"),
        Column("middle", "number", "median score, where penalties end", "Median", "points", False, 0, 100),
        *estimate_columns("penalty", "number", "per ten points below the median", "Penalty", "points", signed=True),
        *estimate_columns("reward", "number", "per ten points above the median", "Reward", "points", signed=True),
        *estimate_columns("asymmetry", "number", "reward less penalty", "Reward less penalty", "points", signed=True),
        Column("kind", "text", "which of the two is larger, beyond chance", label="It is", levels=KINDS),
    ),
    reads=_ANSWERS,
)

MATTERS_MORE, MATTERS_LESS, MATTERS_UNSURE = MATTERS = ("matters", "matters less", "not sure")
FIRST, KEEP, MINOR, THEY_DIFFER, NOT_SURE = VIEW_VERDICTS = (
    "all say: look here first",
    "all say: keep it up",
    "all say: can wait",
    "they differ",
    "not sure",
)

DRIVER_VIEWS = TableSchema(
    name="driver_views",
    grain="dimension",
    key=("dimension",),
    meaning="What three ways of asking say of each dimension, and where they agree.",
    columns=(
        _DIMENSION,
        _n("answer sheets with all dimensions"),
        *estimate_columns("importance", "share", "part of the explained variance (LMG)", "Importance"),
        Column("by_share", "text", "whether that is more than its part", "By its share", levels=MATTERS),
        *estimate_columns("penalty", "number", "per ten points below the median", "Penalty", "points", signed=True),
        Column("kind", "text", "which of penalty and reward is larger, beyond chance", label="It is", levels=KINDS),
        Column("by_slope", "text", "whether it moves contentment overall", "By its slopes", levels=MATTERS),
        Column("quadrant", "text", "where it lies most often", "On the map", levels=QUADRANT_NAMES),
        Column("quadrant_probability", "share", "in which share of resamples", "Likely", "share", False, 0, 1),
        Column("by_map", "text", "whether it lies in the upper half for sure", "By the map", levels=MATTERS),
        Column("verdict", "text", "what all three say", "Together", levels=VIEW_VERDICTS),
    ),
    reads=_ANSWERS,
)

GROUP_DRIVERS = TableSchema(
    name="group_drivers",
    grain="segment and dimension",
    key=("segment", "dimension"),
    meaning="What each dimension accounts for in a segment, beside all other customers.",
    columns=(
        Column("segment", "text", "the segment's name", label="Segment"),
        _DIMENSION,
        _n("answer sheets of the segment"),
        *estimate_columns("importance", "share", "part of the explained variance (LMG)", "Importance"),
        *estimate_columns("difference", "number", "less that among all others", "Difference", "share", signed=True),
        Column("adjusted_p", "number", "of such a difference by chance, adjusted", "p, adjusted", "", True, 0, 1),
        Column("verdict", "text", "whether it differs", "Verdict", levels=("differs", "not told apart")),
    ),
    reads=(*_ANSWERS, "customer_segments"),
)

SURVEY_PLAN = TableSchema(
    name="survey_plan",
    grain="score and margin",
    key=("score_name", "margin"),
    meaning="How many must be asked for a wanted precision, and what change a survey of that size notices.",
    columns=(
        Column("score_name", "text", "what is measured", label="Score", levels=(NPS_MEASURE, OVERALL)),
        Column("margin", "number", "half-width of the interval at 95 %", "Give or take", "points", minimum=0),
        Column("spread", "number", "standard deviation of the answers", "Spread", "points", minimum=0),
        Column("answers", "integer", "answers needed", "Answers needed", "answers", minimum=1),
        Column("asked", "integer", "customers to ask, at the response rate so far", "To ask", "customers", True, 1),
        Column("cost", "money", "of asking them", "Cost", nullable=True, minimum=0),
        Column(
            "change", "number", "noticed between two waves in four of five cases", "Change seen", "points", minimum=0
        ),
        _n("answers that the spread is taken from"),
    ),
    reads=_ASKED,
)

FEWER, MORE, SAME_AS_BEFORE = CHANGES = ("fewer", "more", "as many")

COMPLAINT_TOPICS = TableSchema(
    name="complaint_topics",
    grain="topic of service contacts",
    key=("topic",),
    meaning="What the badly rated contacts are about, and whether they have become fewer.",
    columns=(
        Column("topic", "text", "what the contact was about", label="Topic"),
        Column("owner", "text", "who answers for it, as the setting says", "Owner", nullable=True),
        _n("badly rated contacts", unit="contacts", label="Badly rated"),
        _customers("customers who rated them"),
        *estimate_columns("share_of_bad", "share", "share of all badly rated contacts", "Of all"),
        Column("cumulative_share", "share", "with those above it", "Together", "share", True, 0, 1),
        Column("before", "integer", "in the earlier half of the study", "Earlier half", "contacts", True, 0),
        Column("after", "integer", "in the later half", "Later half", "contacts", True, 0),
        *estimate_columns("change", "number", "later by earlier, per day", "Later by earlier"),
        Column("verdict", "text", "whether they have changed", "Now", "", True, levels=CHANGES),
        SUPPRESSED,
    ),
    reads=("contacts",),
)

AS_BEFORE, HIGHER, LOWER, NO_BEFORE, NOT_ENOUGH = WAVE_VERDICTS = (
    "as before",
    "higher",
    "lower",
    "nothing before",
    "not enough data",
)

CONTROL_CHART = TableSchema(
    name="control_chart",
    grain="score and wave",
    key=("score_name", "wave"),
    meaning="Whether a wave's score has moved beyond the noise of who happened to answer.",
    columns=(
        Column("score_name", "text", "what is measured", label="Score"),
        Column("wave", "text", "the wave's name", label="Wave"),
        _n(),
        *estimate_columns("score", "number", "mean score in points", "Score", "points", signed=True),
        Column("center", "number", "of all waves before", "Before", "points", nullable=True),
        Column("limit_low", "number", "lower limit for a wave as those before", "From", "points", nullable=True),
        Column("limit_high", "number", "upper limit for a wave as those before", "To", "points", nullable=True),
        *estimate_columns("moved", "number", "score less that of before", "Moved by", "points", signed=True),
        Column("adjusted_p", "number", "of such a distance by chance, adjusted", "p, adjusted", "", True, 0, 1),
        Column("verdict", "text", "whether it has moved", label="The wave is", levels=WAVE_VERDICTS),
    ),
    reads=_ANSWERS,
)

SEGMENT_SCORES = TableSchema(
    name="segment_scores",
    grain="grouping, segment and score",
    key=("grouping", "segment", "score_name"),
    meaning="How content each segment is, and whether it differs from all other customers beyond chance.",
    columns=(
        Column("grouping", "text", "how segments were made", "By", levels=("value_level", "tier")),
        Column("segment", "text", "the segment", label="Segment"),
        Column("score_name", "text", "which score", label="Score"),
        _n(),
        _customers("customers of the segment who answered"),
        *estimate_columns("score", "number", "mean score", "Points", "points", signed=True),
        Column("difference", "number", "less the mean of all others", "Less others", "points", nullable=True),
        Column(
            "p_value", "number", "how rare such a difference is by chance", "p", "probability", nullable=True, minimum=0
        ),
        Column(
            "adjusted_p",
            "number",
            "the same for so many comparisons",
            "Adjusted p",
            "probability",
            nullable=True,
            minimum=0,
        ),
        Column(
            "verdict",
            "text",
            "whether it stands out from the others",
            label="Verdict",
            levels=("stands out", "not told apart", "not compared", "not comparable"),
        ),
        SUPPRESSED,
    ),
    reads=(*_ANSWERS, "customer_segments"),
)

SAID_AND_DONE = TableSchema(
    name="said_and_done",
    grain="measure of satisfaction",
    key=("measure",),
    meaning="How satisfaction goes with later spend, beyond what earlier orders tell of it.",
    columns=(
        Column("measure", "text", "what was said", "Said", levels=(OVERALL, MEAN_OF_DIMENSIONS)),
        Column("waves", "integer", "waves whose following days have been seen", "Waves", "waves", minimum=1),
        _n(),
        _customers(),
        *estimate_columns("plain", "number", "correlation with later spend", "Plain correlation", signed=True),
        *estimate_columns("partial", "number", "the same with the past held fixed", "Beyond the past", signed=True),
        Column(
            "verdict",
            "text",
            "on which side of zero the interval lies",
            label="Verdict",
            levels=("goes with more", "goes with less", "not told apart from none"),
        ),
    ),
    reads=(*_ANSWERS, "order_lines"),
)

DONE_AND_SAID = TableSchema(
    name="done_and_said",
    grain="measure of satisfaction",
    key=("measure",),
    meaning="The reverse order: how later satisfaction goes with what was spent before it, beyond the answer before.",
    columns=SAID_AND_DONE.columns,
    reads=SAID_AND_DONE.reads,
)

STATED_AND_REVEALED = TableSchema(
    name="stated_and_revealed",
    grain="what was said and what was done",
    key=("said", "done"),
    meaning="Customers by what they said last and what they did afterwards.",
    columns=(
        Column("said", "text", "what they said", label="They said", levels=("content", "not content")),
        Column("done", "text", "what they did", label="Then they", levels=("stayed", "gone quiet")),
        Column("n", "integer", "customers", "Customers", unit="customers", nullable=True, minimum=0),
        Column(
            "customers",
            "integer",
            "all who said the same",
            label="Who said so",
            unit="customers",
            nullable=True,
            minimum=0,
        ),
        *estimate_columns("share", "share", "share of those who said the same", "Share"),
        *estimate_columns(
            "spend_each", "money", "spent a month before the answer, by each on average", "Spent a month", "currency"
        ),
        Column("at_stake", "money", "the same of all of them", "All of them", "currency", True, 0),
        SUPPRESSED,
    ),
    reads=(*_ANSWERS, "order_lines"),
)

RESPONSE_TIMES = TableSchema(
    name="response_times",
    grain="channel",
    key=("channel",),
    meaning="How long customers wait for a first answer of the service (Kaplan-Meier).",
    columns=(
        Column("channel", "text", "through which channel they turned to the service", label="Channel"),
        _n("contacts", "contacts", "Contacts"),
        _customers("customers who turned to it"),
        Column(
            "waiting",
            "integer",
            "contacts without an answer so far",
            label="Not answered",
            unit="contacts",
            nullable=True,
            minimum=0,
        ),
        *estimate_columns("median_hours", "number", "hours until half are answered", "Median wait", "hours"),
        *estimate_columns(
            "slow_hours", "number", "hours until nine in ten are answered", "Nine in ten within", "hours"
        ),
        *estimate_columns("soon", "share", "share answered soon", "Answered soon"),
        SUPPRESSED,
    ),
    reads=("contacts",),
)

CONTACT_SATISFACTION = TableSchema(
    name="contact_satisfaction",
    grain="band of response times",
    key=("band",),
    meaning="How many are content with a contact (4 or 5 of 5), by how long they waited for an answer.",
    columns=(
        Column("band", "text", "how long they waited", label="First answer", levels=BANDS),
        Column("contacts", "integer", "contacts", "Contacts", "contacts", nullable=True, minimum=0),
        _n("contacts that were rated", "contacts", "Rated"),
        _customers("customers who turned to the service"),
        *estimate_columns("content", "share", "share rated 4 or 5", "Content"),
        SUPPRESSED,
    ),
    reads=("contacts",),
)

FEEDBACK_COUNTS = TableSchema(
    name="feedback_counts",
    grain="language and number of stars",
    key=("language", "rating"),
    meaning="How much customers wrote, by language and stars. No text is looked at.",
    columns=(
        Column("language", "text", "language of the text", label="Language"),
        Column("rating", "integer", "stars given with it", "Stars", nullable=True, minimum=1, maximum=5),
        _n("texts", "texts", "Texts"),
        _customers("customers who wrote them"),
        SUPPRESSED,
    ),
    reads=("feedback",),
)

_TEXTS = Column("texts", "integer", "texts", "Texts", "texts", nullable=True, minimum=0)


def _writers(meaning: str) -> Column:
    return Column("n", "integer", meaning, label="Writers", unit="writers", nullable=True, minimum=0)


STARS = TableSchema(
    name="stars",
    grain="number of stars",
    key=("rating",),
    meaning="How the texts with stars are spread over their number.",
    columns=(
        Column("rating", "integer", "stars given with a text", "Stars", minimum=1, maximum=5),
        _TEXTS,
        *estimate_columns("share_of_texts", "share", "share of all texts with stars", "Texts"),
        _writers("writers who gave so many"),
        Column(
            "writers", "integer", "all who gave stars, on whom the shares rest", "All writers", "writers", minimum=0
        ),
        SUPPRESSED,
    ),
    reads=("feedback",),
)

STAR_MEAN = TableSchema(
    name="star_mean",
    grain="the whole period",
    key=(),
    meaning="The mean number of stars of a text.",
    columns=(
        *estimate_columns("mean_stars", "number", "stars of a text on average", "Stars on average", "stars"),
        _writers("writers who gave stars"),
        _TEXTS,
    ),
    reads=("feedback",),
)

FEEDBACK_MONTHS = TableSchema(
    name="feedback_months",
    grain="month",
    key=("month",),
    meaning="How much is written, and with how many stars, month by month.",
    columns=(
        Column("month", "date", "first day of the month, local", label="Month", unit="month"),
        Column("complete", "boolean", "whether the whole month lies in the study"),
        _TEXTS,
        *estimate_columns("mean_stars", "number", "stars of a text on average", "Stars on average", "stars"),
        _writers("writers of the month"),
        SUPPRESSED,
    ),
    reads=("feedback",),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        CUSTOMER_SCORES,
        SURVEY_WAVES,
        NPS,
        CSAT,
        DIMENSION_SCORES,
        RELIABILITY,
        ITEM_QUALITY,
        WHO_ANSWERED,
        SCORE_VERSIONS,
        SILENT_SCENARIOS,
        DRIVERS,
        DRIVER_PAIRS,
        ASYMMETRY,
        DRIVER_VIEWS,
        GROUP_DRIVERS,
        SURVEY_PLAN,
        CONTROL_CHART,
        COMPLAINT_TOPICS,
        SEGMENT_SCORES,
        SAID_AND_DONE,
        DONE_AND_SAID,
        STATED_AND_REVEALED,
        RESPONSE_TIMES,
        CONTACT_SATISFACTION,
        FEEDBACK_COUNTS,
        STARS,
        STAR_MEAN,
        FEEDBACK_MONTHS,
    )
}
