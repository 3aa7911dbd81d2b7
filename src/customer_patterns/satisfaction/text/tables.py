"""The tables of what customers write: languages, themes, topics, examples and needs."""

from __future__ import annotations

from customer_patterns.satisfaction.text.language import LANGUAGES
from customer_patterns.satisfaction.text.sentiment import METHODS, NOT_USED, TESTS, USED
from customer_patterns.schemas import Column, TableSchema, estimate_columns, n_column

NOT_READ = "not read"
WORSE, BETTER, ALIKE = SOUNDS = ("worse than the others", "better than the others", "like the others")
PRAISE, BLAME = SIDES = ("praise", "blame")
SOLD, NOT_SOLD, NOT_KNOWN = ASSORTMENT = ("sold", "not sold", "not known")
THEME, ASKED_FOR, SEARCHED = NEEDS = ("theme that is blamed", "goods asked for", "searched for")
AGAIN, NOT_AGAIN = TOPIC_VERDICTS = ("found again", "not found again")

SUPPRESSED = Column(
    "suppressed", "text", "why a row is blank", label="Blank", levels=("no", "too few", "to protect another")
)
_FEEDBACK = ("feedback",)


def _texts(meaning: str = "texts", label: str = "Texts") -> Column:
    return Column("texts", "integer", meaning, label, "texts", nullable=True, minimum=0)


def _writers(meaning: str) -> Column:
    return n_column(meaning, "Writers", "writers")


TEXT_LANGUAGES = TableSchema(
    name="text_languages",
    grain="language found in the texts",
    key=("language",),
    meaning="In which languages texts are written, and how well praise and blame are told apart in each.",
    columns=(
        Column("language", "text", "as found in the text itself", label="Language", levels=LANGUAGES),
        _texts("texts, each writer's once"),
        Column("copies", "integer", "texts that repeat their writer's own, not counted", "Copies", "texts", True, 0),
        _writers("who wrote them"),
        Column("method", "text", "how praise and blame are told apart", "Told by", nullable=True, levels=METHODS),
        *estimate_columns("right", "share", "share told rightly, praise and blame weighing the same", "Told rightly"),
        *estimate_columns("lists_right", "share", "the same by word lists alone", "By word lists alone"),
        Column("tested", "integer", "texts or sentences it was tested on", "Tested on", "texts", True, 0),
        Column("test", "text", "what it was tested on", "Tested on what", nullable=True, levels=TESTS),
        Column(
            "verdict", "text", "whether its praise and blame are used", "Verdict", levels=(USED, NOT_USED, NOT_READ)
        ),
        SUPPRESSED,
    ),
    reads=_FEEDBACK,
)

TEXT_THEMES = TableSchema(
    name="text_themes",
    grain="theme",
    key=("theme",),
    meaning="What texts are about, and how they sound about it.",
    columns=(
        Column("theme", "text", "the theme", label="Theme"),
        _texts("texts that speak of it"),
        Column("everybody", "integer", "who wrote any text that is read", "All writers", "writers", True, 0),
        *estimate_columns("share_of_texts", "share", "share of all texts that are read", "Of texts"),
        _writers("who speak of it"),
        *estimate_columns("praised", "share", "share of these texts that praise it", "Praised"),
        *estimate_columns("blamed", "share", "share of these texts that blame it", "Blamed"),
        *estimate_columns(
            "stars_less",
            "number",
            "stars where it is blamed less those of all",
            "Stars where blamed, less all",
            "stars",
            signed=True,
        ),
        Column("adjusted_p", "number", "of so much blame by chance, adjusted", "p, adjusted", "", True, 0, 1),
        Column("verdict", "text", "how it sounds beside the other themes", "It sounds", "", True, levels=SOUNDS),
        SUPPRESSED,
    ),
    reads=_FEEDBACK,
)  # fmt: skip

TEXT_THEMES_BY_SEGMENT = TableSchema(
    name="text_themes_by_segment",
    grain="value level and theme",
    key=("value_level", "theme"),
    meaning="Of which themes the texts of high, potential and ordinary customers speak, and which they blame.",
    columns=(
        Column("value_level", "text", "how valuable the customers are", label="Value level"),
        Column("theme", "text", "the theme", label="Theme"),
        n_column("customers of the level who wrote", "Customers who wrote"),
        *estimate_columns("speak", "share", "share of them who speak of it", "Speak of it"),
        *estimate_columns("blame", "share", "share of them who blame it", "Blame it"),
        SUPPRESSED,
    ),
    reads=("feedback", "customer_segments"),
)

TEXT_TOPICS = TableSchema(
    name="text_topics",
    grain="language and topic",
    key=("language", "topic"),
    meaning="Topics that no list names: words that stand together in texts, and whether samples find them again.",
    columns=(
        Column("language", "text", "of the texts", label="Language"),
        Column("topic", "integer", "number, the most frequent first", label="Topic", minimum=1),
        Column("words", "text", "words that its texts have more often than others", label="Words"),
        _texts("texts that are mainly about it"),
        *estimate_columns("share_of_texts", "share", "share of the language's texts", "Of texts"),
        _writers("who wrote them"),
        Column("again", "share", "share of its words that samples find again", "Found again", "share", True, 0, 1),
        Column("verdict", "text", "whether that is enough", label="Verdict", levels=TOPIC_VERDICTS),
        SUPPRESSED,
    ),
    reads=_FEEDBACK,
)

TEXT_EXAMPLES = TableSchema(
    name="text_examples",
    grain="theme, side and language",
    key=("theme", "side", "language"),
    meaning="How it is said: a clause of which every word is used by ten writers or more, all others left out.",
    columns=(
        Column("theme", "text", "the theme", label="Theme"),
        Column("side", "text", "praise or blame", label="Side", levels=SIDES),
        Column("language", "text", "of the text", label="Language"),
        Column("example", "text", "the clause; three dots stand for words that few use", label="For example"),
        Column("n", "integer", "who praise, or blame, the theme in this language", "Writers", "writers", minimum=10),
    ),
    reads=_FEEDBACK,
)

UNMET_NEEDS = TableSchema(
    name="unmet_needs",
    grain="need",
    key=("kind", "need", "language"),
    meaning="What customers miss: themes blamed more than others, goods asked for, searches without a product.",
    columns=(
        Column("kind", "text", "where it shows", label="Where", levels=NEEDS),
        Column("need", "text", "what is missed", label="Need"),
        Column("language", "text", "of the texts or the word", label="Language"),
        Column("mentions", "integer", "texts or searches", label="Times", unit="times", nullable=True, minimum=0),
        n_column("writers who blame or ask, or visitors who search", "Persons", "persons"),
        Column("everybody", "integer", "who wrote (in that language), or searched", "Of so many", "persons", True, 0),
        *estimate_columns("share", "share", "share of everybody", "Of all"),
        Column("assortment", "text", "whether a product of that name is sold", "In the assortment", levels=ASSORTMENT),
        SUPPRESSED,
    ),
    reads=("feedback", "events", "products"),
)

TEXT_READINGS = TableSchema(
    name="text_readings",
    grain="text",
    key=("feedback_id",),
    meaning="What was read in each text; no word of it.",
    columns=(
        Column("feedback_id", "text", "the text's key"),
        Column("language", "text", "as found in the text itself", levels=LANGUAGES),
        Column("polarity", "integer", "1 praise, -1 blame, 0 neither; missing where not used", "", "", True, -1, 1),
        Column("themes", "text", "themes it speaks of, by semicolon"),
        Column("topic", "integer", "number of its topic; missing without", nullable=True, minimum=1),
    ),
    reads=_FEEDBACK,
)

TABLES = {
    schema.name: schema
    for schema in (
        TEXT_LANGUAGES,
        TEXT_THEMES,
        TEXT_THEMES_BY_SEGMENT,
        TEXT_TOPICS,
        TEXT_EXAMPLES,
        UNMET_NEEDS,
        TEXT_READINGS,
    )
}
