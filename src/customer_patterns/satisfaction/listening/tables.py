"""The tables of what was heard: coded texts, calls, and the stream of posts and reviews."""

from __future__ import annotations

from customer_patterns.schemas import Column, TableSchema, estimate_columns, n_column
from customer_patterns.schemas.canonical import CODE_KINDS

SUPPRESSED = Column(
    "suppressed", "text", "why a row is blank", label="Blank", levels=("no", "too few", "to protect another")
)
ALMOST, GOOD, MODERATE, POOR = AGREEMENT = (
    "nearly the same",
    "much the same",
    "partly the same",
    "little more than chance",
)
MORE, LESS, ALIKE = TALKING = ("talks more than others", "talks less than others", "like the others")
BETTER, WORSE, RATED_ALIKE = RATED = ("rated better than others", "rated worse than others", "rated like the others")
CONTENT, NOT_CONTENT, NO_DIFFERENCE = PHRASE_VERDICTS = (
    "more often in calls rated well",
    "more often in calls rated badly",
    "not told apart",
)


THEMES = TableSchema(
    name="themes",
    grain="code that readers gave",
    key=("kind", "code"),
    meaning="What readers saw in the texts that they coded.",
    columns=(
        Column("kind", "text", "what the code says about a text", label="Kind", levels=CODE_KINDS),
        Column("code", "text", "the code", label="Code"),
        Column("texts", "integer", "texts to which a reader gave it", "Texts", "texts", True, 0),
        Column("everybody", "integer", "who wrote or said any coded text", "All writers", "writers", True, 0),
        *estimate_columns("share_of_texts", "share", "share of all coded texts", "Of coded texts"),
        n_column("who wrote or said them", "Writers", "writers"),
        SUPPRESSED,
    ),
    reads=("feedback", "feedback_codes"),
)

THEMES_BY_SEGMENT = TableSchema(
    name="themes_by_segment",
    grain="value level and code",
    key=("value_level", "kind", "code"),
    meaning="Which codes the texts of high, potential and ordinary customers got.",
    columns=(
        Column("value_level", "text", "how valuable the customers are", label="Value level"),
        Column("kind", "text", "what the code says about a text", label="Kind", levels=CODE_KINDS),
        Column("code", "text", "the code", label="Code"),
        *estimate_columns(
            "share_of_customers", "share", "share of the level's customers with coded texts", "Customers"
        ),
        n_column("customers of the level with coded texts", "With coded texts"),
        SUPPRESSED,
    ),
    reads=("feedback", "feedback_codes", "customer_segments"),
)

CODER_AGREEMENT = TableSchema(
    name="coder_agreement",
    grain="pair of readers",
    key=("first", "second"),
    meaning="Whether two readers saw the same in the texts that both have read.",
    columns=(
        Column("first", "integer", "the one reader, by number", label="Reader", minimum=1),
        Column("second", "integer", "the other", label="Other reader", minimum=2),
        Column("observed", "share", "share of texts that got the same codes", "Same codes", "share", True, 0, 1),
        Column("by_chance", "share", "share expected by chance", "By chance", "share", True, 0, 1),
        *estimate_columns("kappa", "number", "Cohen's kappa", "Kappa", signed=True),
        Column("n", "integer", "texts that both have read", label="Texts", unit="texts", minimum=0),
        Column("verdict", "text", "by the usual words", "They saw", "", True, levels=AGREEMENT),
    ),
    reads=("feedback_codes",),
)

AGENTS = TableSchema(
    name="agents",
    grain="agent",
    key=("agent",),
    meaning="How each agent's calls went; ratings are adjusted for what the calls were about, and pooled.",
    columns=(
        Column("agent", "text", "the sender's key of the agent", label="Agent"),
        Column("calls", "integer", "calls answered", label="Calls", unit="calls", nullable=True, minimum=0),
        *estimate_columns("talk_share", "share", "share of the time in which the agent spoke", "Agent talks"),
        *estimate_columns("silence_share", "share", "share of the time in which nobody spoke", "Silence"),
        *estimate_columns("minutes", "number", "length of a call", "Length of a call", "minutes"),
        *estimate_columns("rating", "number", "rating of the contact, adjusted and pooled", "Rating", "stars"),
        Column("rated", "integer", "rated calls", label="Rated", unit="calls", nullable=True, minimum=0),
        n_column("who called"),
        Column("talking", "text", "talk share against all other agents", "Talking", "", True, levels=TALKING),
        Column("rated_as", "text", "ratings against all other agents", "Rating is", "", True, levels=RATED),
        SUPPRESSED,
    ),
    reads=("calls", "contacts"),
)

CALL_SOUND = TableSchema(
    name="call_sound",
    grain="measure of the sound",
    key=("measure",),
    meaning="What was measured in calls that were rated well, against those that were not.",
    columns=(
        Column(
            "measure",
            "text",
            "what was measured",
            label="Measure",
            levels=("agent talks", "silence", "variation of the caller's pitch", "length"),
        ),
        *estimate_columns("well", "number", "mean in calls rated 4 or 5", "Rated well"),
        *estimate_columns("badly", "number", "mean in calls rated 1 to 3", "Rated badly"),
        *estimate_columns("difference", "number", "by how much they differ", "Difference", signed=True),
        n_column("whose calls were rated"),
    ),
    reads=("calls", "contacts"),
)

CALL_PHRASES = TableSchema(
    name="call_phrases",
    grain="phrase that customers say in calls",
    key=("language", "phrase"),
    meaning="Phrases that tell calls rated well from calls rated badly; each was said by ten customers or more.",
    columns=(
        Column("language", "text", "of the calls", label="Language"),
        Column("phrase", "text", "the words, without digits and case", label="Phrase"),
        *estimate_columns("well", "share", "share of calls rated 4 or 5 with it", "Rated well"),
        *estimate_columns("badly", "share", "share of calls rated 1 to 3 with it", "Rated badly"),
        Column("p_value", "number", "that both shares are the same, Fisher's exact test", "p", "", False, 0, 1),
        Column("verdict", "text", "after all phrases were tested", label="Said", levels=PHRASE_VERDICTS),
        n_column("who said it"),
    ),
    reads=("calls", "contacts"),
)

BY_RATINGS, BY_LISTS = MOOD_METHODS = ("learned from ratings", "by word lists")
ON_CALLS, ON_SENTENCES = MOOD_TESTS = ("rated calls, of callers not learned from", "labeled sentences")

CALL_MOOD = TableSchema(
    name="call_mood",
    grain="language of the calls",
    key=("language",),
    meaning="In how many calls the caller's words praise or blame, and how well that is told.",
    columns=(
        Column("language", "text", "as found in what callers say", label="Language", levels=("en", "zh")),
        Column("calls", "integer", "calls with a transcript", label="Calls", unit="calls", minimum=0),
        n_column("callers"),
        Column("method", "text", "how praise and blame are told apart", "Told by", levels=MOOD_METHODS),
        *estimate_columns("right", "share", "share told rightly, praise and blame weighing the same", "Told rightly"),
        Column("test", "text", "what that was tested on", "Tested on what", levels=MOOD_TESTS),
        Column("verdict", "text", "whether it is used", "Verdict", levels=("used", "not used")),
        *estimate_columns("praise", "share", "share of calls whose caller praises", "Praise"),
        *estimate_columns("blame", "share", "share of calls whose caller blames", "Blame"),
    ),
    reads=("calls", "contacts"),
)

MOOD_DAYS = TableSchema(
    name="mood_days",
    grain="local day",
    key=("day",),
    meaning="Texts of the four weeks up to each day: how many, and with how many stars.",
    columns=(
        Column("day", "date", "last day of the four weeks", label="Day", unit="local day"),
        Column("texts", "integer", "texts written in them", label="Texts", unit="texts", nullable=True, minimum=0),
        *estimate_columns("mean_stars", "number", "stars on average, where given", "Stars on average", "stars"),
        n_column("who gave stars", "Writers", "writers"),
    ),
    reads=("feedback",),
)

TONE_DAYS = TableSchema(
    name="tone_days",
    grain="local day",
    key=("day",),
    meaning="Texts of the four weeks up to each day whose tone is told: how many, and which share blames or praises.",
    columns=(
        Column("day", "date", "last day of the four weeks", label="Day", unit="local day"),
        Column("texts", "integer", "texts whose tone is told", label="Texts", unit="texts", nullable=True, minimum=0),
        *estimate_columns("blame", "share", "share of them that blames", "Blame"),
        *estimate_columns("praise", "share", "share of them that praises", "Praise"),
        n_column("who wrote them", "Writers", "writers"),
    ),
    reads=("feedback",),
)

TABLES = {
    schema.name: schema
    for schema in (
        THEMES,
        THEMES_BY_SEGMENT,
        CODER_AGREEMENT,
        AGENTS,
        CALL_SOUND,
        CALL_PHRASES,
        CALL_MOOD,
        MOOD_DAYS,
        TONE_DAYS,
    )
}
