"""Sentences of the segments chapter, and the words that names of segments are composed of.

A title ``<key>`` has a twin ``<key>_otherwise`` for data that do not suffice for its figures.
"""

SENTENCES: dict[str, str] = {
    # scores
    "segments.scores_title": "{crowded_share} of {customers} share the recency score {crowded_score}",
    "segments.scores_title_otherwise": "How many {customers} have which score",
    "segments.scores_subtitle": "Share of {customers} by score, from lowest to highest; {everyone}",
    "segments.scores_table": "What each score stands for; a level without anybody is empty",
    "segments.score": "Score",
    "segments.nobody": "Nobody has ordered goods so far, so there is nobody to score",
    # tiers
    "segments.rules_table": "Which scores lead into which tier; the highest tier stands first",
    "segments.tiers_title": "{top_tier_share} of {customers} are {top_tier} and bring {top_tier_revenue_share} of revenue",
    "segments.tiers_title_otherwise": "How many {customers} each tier has, and what it brings",
    "segments.tiers_subtitle": "Share of {customers} and of revenue by value tier; {everyone}",
    "segments.tiers_table": "What the tiers bring; tiers of very few {customers} are blank",
    "segments.values_table": "The same in three steps: high, potential and ordinary value",
    # are there clusters
    "segments.reliability_table": "Which habits customers keep from week to week",
    "segments.stability_title": "{found} stand out from a single cloud of {customers}",
    "segments.stability_title_otherwise": "No number of groups stands out from a single cloud of {customers}",
    "segments.stability_subtitle": (
        "How well groups are found again in random halves, where one is fully; band: most clouds; {clustered}"
    ),
    "segments.stability_axis": "Number of groups",
    "segments.stability_table": "Groups found again in halves, beside clouds without groups",
    "segments.not_enough": (
        "Too few {customers} have orders enough to look for groups, so there are no segments; the value tiers stand"
    ),
    "segments.none": "There are no segments to describe",
    # what distinguishes the segments
    "segments.profiles_title": "The segments differ most in {main_habit}",
    "segments.profiles_title_otherwise": "In what the segments differ",
    "segments.profiles_subtitle": "Distance of each segment's mean from that of all, in standard deviations; {clustered}",
    "segments.habits_table": "The mean of each habit in each segment",
    "segments.effects_table": "How much of the differences between {customers} lies between segments",
    # sizes and value
    "segments.segments_title": "{richest_in_title}: {richest_share} of {customers}, {richest_revenue_share} of revenue",
    "segments.segments_title_otherwise": "How many {customers} each segment has, and what it brings",
    "segments.segments_subtitle": "Share of {customers} and of their revenue by segment; {clustered}",
    "segments.segments_table": "What the segments bring; those with too few orders to be judged are in none",
    # rules
    "segments.rules_title": "{apart:bare} of {standing} that stand in a segment tell it from the others",
    "segments.rules_title_otherwise": "Which pairs of categories tell segments apart",
    "segments.rules_subtitle": (
        "How often two categories meet beyond basket size in a segment, by how often they do elsewhere; {customers} who "
        "took no part in the search"
    ),
    "segments.rules_ratio": "Lift in the segment, as a multiple of the lift elsewhere",
    "segments.rules_none": "No pair of categories was found that tells a segment from the others",
    "segments.rules_counts": "How many pairs were tested in each segment, stand there, and tell it from the others",
    "segments.rules": (
        "Of {tried_pairs} of categories that looked strong in a segment, {standing:bare} stand among its other {customers}, "
        "and {apart:bare} of these tell it from the other segments"
    ),
    # overlap
    "segments.overlap_title": "Value tiers and segments agree by {rand_value_tiers}, where one is the same and zero is chance",
    "segments.overlap_title_otherwise": "How value levels and segments overlap",
    "segments.overlap_subtitle": "Share of each segment by value level; {clustered}",
    "segments.overlap_table": "How far two ways to group the same {customers} agree",
    # findings
    "segments.top_tier": (
        "{top_tier_share} of {customers} are in the highest tier, {top_tier}, and bring {top_tier_revenue_share} of revenue"
    ),
    "segments.high_value": "{high_share} of {customers} are of high value and bring {high_revenue_share} of revenue",
    "segments.quiet_champions": (
        "{quiet_share} of {customers} buy as much and as often as the highest tier but were not among the last to come: "
        "their last order is typically {quiet_days} old, and they bring {quiet_revenue_share} of revenue"
    ),
    "segments.clusters": "{found} were found among {clustered}: groups that a single cloud of {customers} does not have",
    "segments.constructive": (
        "No separate groups were found among {clustered}: the {cut} here are a useful cut, not kinds of {customers} that exist by themselves"
    ),
    "segments.richest": (
        "Of the {customers} in segments, {richest_share} are called {richest} and bring most: {richest_revenue_share} of their revenue"
    ),
    "segments.agreement": (
        "Value tiers and segments agree by {rand_value_tiers}, where one is the same and zero is chance: how {customers} shop is another question than what they bring"
    ),
    # words in tables and charts
    "segments.word_counted": "counted",
    "segments.word_share": "share",
    "segments.word_crowd": "crowd",
    "segments.word_by_number": "share by number",
    "segments.word_by_revenue": "share by revenue",
    "segments.word_found_here": "found here",
    "segments.word_cloud": "one cloud without clusters",
    # words that names of segments are composed of
    "segments.word_average": "near the average",
    "segments.word_frequent_visits": "frequent visits",
    "segments.word_rare_visits": "rare visits",
    "segments.word_large_baskets": "large baskets",
    "segments.word_small_baskets": "small baskets",
    "segments.word_costly_products": "costly products",
    "segments.word_cheap_products": "cheap products",
    "segments.word_weekend": "weekend shopping",
    "segments.word_weekday": "weekday shopping",
    "segments.word_evening": "evening shopping",
    "segments.word_daytime": "daytime shopping",
    "segments.word_own_brand": "own brand",
    "segments.word_national_brands": "national brands",
    "segments.word_many_discounts": "many discounts",
    "segments.word_few_discounts": "few discounts",
    "segments.word_few_categories": "few categories",
    "segments.word_many_categories": "many categories",
    "segments.word_degree_most": "most of all",
    "segments.word_degree_very_much": "very much so",
    "segments.word_degree_much": "much so",
    "segments.word_degree_rather": "rather so",
    "segments.word_degree_somewhat": "somewhat so",
    "segments.word_degree_little": "little so",
    "segments.word_degree_very_little": "very little so",
    "segments.word_degree_least": "least of all",
}
