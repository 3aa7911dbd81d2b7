"""Sentences of the summary page."""

SENTENCES: dict[str, str] = {
    # what the study is about
    "summary.fact_study": "Study",
    "summary.fact_about": "About",
    "summary.fact_first_day": "First day",
    "summary.fact_last_day": "Last day",
    "summary.fact_data": "Data",
    "summary.fact_caution": "Caution",
    "summary.fact_customers": "{customers:capital}",
    "summary.fact_orders": "Orders",
    "summary.fact_revenue": "Revenue",
    "summary.real": "The study file declares the data as real",
    "summary.simulated": "All data of this study are simulated: no number here is about a real {customer}",
    "summary.mixed": (
        "The study file declares a part of the data as simulated. What rests on that part stands apart, is tagged, "
        "and enters no headline"
    ),
    "summary.no_purchases": (
        "No purchases were delivered: nothing in this study says what {customers} buy, how often, or for how much"
    ),
    # the findings
    "summary.no_headlines": "No chapter has found anything about the {customers} that rests on real data",
    "summary.simulated_findings": "Answers, contacts and texts that no {customer} ever gave show how such data would be read, and nothing about anybody",
    # how sure
    "summary.grades": "How sure each chapter is of what it says",
    "summary.answerable": "{answered:bare} of {asked} can be answered with the delivered data",
    "summary.answerable_partly": (
        "{answered:bare} of {asked} can be answered with the delivered data, "
        "{answered_simulated:bare} of them on simulated data only"
    ),
    "summary.questions": "What the delivered data can answer, and what the other questions need",
    "summary.kinds": "Which kinds of data were delivered, and for which days",
    # words of the map, and the chapters
    "summary.word_collect": "collect",
    "summary.word_clean": "clean",
    "summary.word_behavior": "behavior",
    "summary.word_patterns": "patterns",
    "summary.word_segments": "segments",
    "summary.word_satisfaction": "satisfaction",
    "summary.word_half_year": "a half-year of purchases",
    "summary.word_two_years": "two years of purchases",
    "summary.word_two_waves": "two waves of the survey",
    # limits
    "summary.absent": "Not delivered: {absent}. What only these could show is said nowhere in this study",
    "summary.nothing_absent": "Every kind of data that this study can read was delivered",
    "summary.simulated_kinds": (
        "Simulated: {simulated_kinds}. What rests on them shows how the study works "
        "and says nothing about a real {customer}"
    ),
    "summary.nothing_simulated": "No delivery of this study is declared as simulated",
    "summary.no_experiment": (
        "No experiment was delivered, so nothing here says why {customers} do what they do, "
        "nor what would happen if something were changed"
    ),
    "summary.experiments": "Only findings graded experimental say what would happen if something were changed",
}
