"""Sentences of the laboratory's chapter: how well the methods work where the truth is known."""

SENTENCES: dict[str, str] = {
    # the findings
    "laboratory.met": (
        "{met:bare} of {tried} of our methods on planted truths reach their aim; "
        "in {rejected:bare} the broken twin is rejected"
    ),
    "laboratory.missed": "{missed} miss their aim: {missed_names}. What rests on these methods enters no headline",
    "laboratory.outdated": "{outdated} were scored with other code than today's, and say nothing until they are run again",
    "laboratory.unscored": "{unscored} have not been run yet",
    # the chart and the table
    "laboratory.title": "{held:bare} of {intervals} hold the truth as often as they say",
    "laboratory.title_otherwise": "How often intervals hold the truth, and those of their broken twins",
    "laboratory.subtitle": "Share of simulations whose interval holds what was planted; lines are Monte-Carlo intervals",
    "laboratory.by_room": "How many trials of each chapter's methods reach their aim, and how many broken twins miss it",
    "laboratory.who_title": "At usual errors {found} of true pairs are joined, and {right} of the joins are right",
    "laboratory.who_title_otherwise": "How many joined pairs are right, and how many right pairs are joined",
    "laboratory.who_subtitle": "Shares of pairs of records, by how often values are wrong (times the usual rate); {drawn} each",
    "laboratory.who_subtitle_otherwise": "Shares of pairs of records, by how often values are wrong (times the usual rate)",
    "laboratory.who_source": "Table method_scores, planted records of five systems; bands are intervals",
    "laboratory.who_none": "The trials of who is who have not been run yet: call make laboratory",
    "laboratory.source": "Table method_scores; simulated from seeds that nobody developed with",
    "laboratory.table": "What was planted, what the method made of it, and what a broken twin did",
    "laboratory.twins": "What each broken twin does wrong",
    "laboratory.revised": (
        "In {revised} something was changed after a score on held-out seeds had been seen: "
        "the aim, the twin, the method's rule or what is planted. The table of twins says what"
    ),
    "laboratory.none": "No trial has been run yet: call make laboratory",
    "laboratory.word_score": "score",
    "laboratory.word_trial": "trial",
    "laboratory.word_side": "side",
    "laboratory.word_the_method": "the method",
    "laboratory.word_its_broken_twin": "its broken twin",
    "laboratory.times_usual": "times the usual errors",
    "laboratory.of_pairs": "share of pairs",
    "laboratory.word_one_person_s_of_the_joined": "one person's, of the joined",
    "laboratory.word_joined_of_one_person_s": "joined, of one person's",
    "laboratory.word_laboratory": "laboratory",
    "laboratory.word_estimates": "intervals",
    "laboratory.word_cleaning": "cleaning",
}
