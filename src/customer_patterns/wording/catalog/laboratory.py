"""Sentences of the laboratory's chapter: how well the methods work where the truth is known."""

SENTENCES: dict[str, str] = {
    # the findings
    "laboratory.met": (
        "{met:bare} of {tried} of our methods on planted truths reach the aim that was written down before; "
        "in {rejected:bare} the broken twin is rejected"
    ),
    "laboratory.missed": "{missed} miss their aim: {missed_names}. What rests on these methods enters no headline",
    "laboratory.outdated": "{outdated} were scored with other code than today's, and say nothing until they are run again",
    "laboratory.unscored": "{unscored} have not been run yet",
    # the chart and the table
    "laboratory.title": "{met:bare} of {tried} reach their aim, and {rejected:bare} broken twins are rejected",
    "laboratory.title_otherwise": "Scores of the methods, and of their broken twins",
    "laboratory.subtitle": "Score of each trial, as its aim counts it; lines are Monte-Carlo intervals",
    "laboratory.source": "Table method_scores; simulated from seeds that nobody developed with",
    "laboratory.table": "What was planted, what the method made of it, and what a broken twin did",
    "laboratory.twins": "What each broken twin does wrong",
    "laboratory.none": "No trial has been run yet: call make laboratory",
    "laboratory.word_score": "score",
    "laboratory.word_trial": "trial",
    "laboratory.word_side": "side",
    "laboratory.word_the_method": "the method",
    "laboratory.word_its_broken_twin": "its broken twin",
    "laboratory.word_laboratory": "laboratory",
    "laboratory.word_estimates": "intervals",
    "laboratory.word_cleaning": "cleaning",
}
