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
        "How much of a group is found again in random halves of {customers}, on average; band: most clouds; {clustered}"
    ),
    "segments.stability_axis": "Number of groups",
    "segments.stability_table": "Groups found again in halves, beside clouds without groups",
    "segments.not_enough": (
        "Too few {customers} have orders enough to look for groups, so there are no segments; the value tiers stand"
    ),
    "segments.none_found": (
        "{customers} cannot be parted into groups that would be found again, so there are no segments; the value tiers stand"
    ),
    "segments.methods_table": "What other methods make of the same {customers}, each begun anew",
    "segments.again_table": "How well each segment is found again when {customers} are drawn anew",
    "segments.grid_table": "The tier of every combination of scores",
    # what distinguishes the segments
    "segments.profiles_title": "The segments differ most in {main_habit}",
    "segments.profiles_title_otherwise": "In what the segments differ",
    "segments.profiles_subtitle": "Distance of each segment's mean from that of all, in standard deviations; {clustered}",
    "segments.habits_table": "The mean of each habit in each segment",
    "segments.effects_table": "How much of the differences between {customers} lies between segments",
    # sizes and value
    "segments.segments_title": "“{richest_in_title}”: {richest_share} of {customers}, {richest_revenue_share} of revenue",
    "segments.segments_title_otherwise": "How many {customers} each segment has, and what it brings",
    "segments.segments_subtitle": "Share of {customers} and of their revenue by segment; {clustered}",
    "segments.segments_table": "What the segments bring; those with too few orders to be judged are in none",
    # rules
    "segments.trends_title": "No segment clearly buys more or less than a quarter earlier",
    "segments.trends_named_title": "“{trend_segment}”: {trend_measure} at {trend_change} times a quarter earlier",
    "segments.trends_counted_title": "{trends_clear:bare} of {trends_compared} with a quarter earlier show a clear change",
    "segments.trends_subtitle": (
        "As many times as a quarter earlier, each {customer} against themselves, segments drawn toward each other; clear: "
        "beyond chance over {trends_compared}; {trend_people}"
    ),
    "segments.trends_subtitle_otherwise": "As many times as a quarter earlier, each {customer} against themselves",
    "segments.no_trends": "Too few {customers} are in a segment to say how it buys from quarter to quarter",
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
    # who has moved
    "segments.movement_title": "{moved_excess} of {customers} moved {moved_how} beyond what resampling alone moves",
    "segments.movement_title_otherwise": "No more {customers} moved than resampling alone moves",
    "segments.movement_subtitle": (
        "Share of {customers} elsewhere in the last {period_days} than before; band: the same weeks dealt at random; {compared}"
    ),
    "segments.movement_table": "How many moved, and how many beyond what resampling alone moves",
    "segments.movement_too_short": (
        "The study is too short to compare its last part with as long a part before it, so nothing is said about who has moved"
    ),
    "segments.movement_too_few": (
        "Too few {customers} have orders enough in both periods, so nothing is said about who has moved"
    ),
    "segments.moved": (
        "{moved_share} of {compared} moved {moved_how} from one period of {period_days} to the next; the same weeks dealt at "
        "random move {moved_by_chance}, so {moved_excess} are more than chance"
    ),
    "segments.fates_table": "The segments of the earlier period, named anew, and what became of them",
    "segments.fates_all": (
        "All {all_kept} of the earlier period are found again in the later one: none came or went, split or merged beyond "
        "what the same weeks dealt at random do"
    ),
    "segments.fates_some": (
        "Of {earlier_segments} of the earlier period, {kept_segments:bare} could be found again in the later one; the others came "
        "or went, split or merged beyond what the same weeks dealt at random do"
    ),
    "segments.fates_none": (
        "None of {all_gone} of the earlier period is found again in the later one: they went, split or merged beyond what the "
        "same weeks dealt at random do"
    ),
    "segments.word_moved": "moved",
    "segments.word_counted_here": "counted here",
    "segments.word_resampled": "by resampling alone",
    # stages of life
    "segments.stages_title": "{mature_share} of {customers} are mature, {lost_share} are lost from sight",
    "segments.stages_title_otherwise": "How many {customers} are in which stage of life",
    "segments.stages_subtitle": "Share of {customers} by stage, at the end and {life_window} earlier; {lived}",
    "segments.stages_rules": "What the stages mean: the first rule that holds decides",
    "segments.own_gap": (
        "The own gap is the median of the days between one shopping day and the next, of those gaps that ended in the last "
        "two windows of {life_window}: a habit is what it has been of late. Who has fewer than {least_gaps} such gaps is "
        "measured by the longest of them or, where that is longer, by the gap than which {shorter_gap_share} of {customers} "
        "have a shorter one"
    ),
    "segments.transitions": "From which stage to which {customers} moved within {life_window}; moves of nobody or very few are left out",
    "segments.too_short": (
        "Stages of life need two windows of {life_window} each, and moves three; this study is shorter, or nobody ordered"
    ),
    "segments.already": (
        "{already_share} of {customers} were first seen in the first {already_days} of the study: they count as {customers} "
        "already, and nobody knows since when"
    ),
    "segments.came_back": (
        "Lost from sight does not mean gone: of {lost_before} called so {life_window} earlier, {back_share} ordered again since"
    ),
    # bases
    "segments.bases_title": "{closest_attribute} and {closest_behavior} agree by {closest_v}: one is the same, zero is chance",
    "segments.bases_title_otherwise": "What is known of {customers} says no more than chance of what they do",
    "segments.bases_subtitle": (
        "Cramér's V of what is known of {customers} and what they do, corrected for chance; {described} of whom something is known"
    ),
    "segments.bases_subtitle_otherwise": "Cramér's V of what is known of {customers} and what they do, corrected for chance",
    "segments.bases_levels": "The closest pair: share of each level by what {customers} do; nobody and very few are left out",
    "segments.bases_places": "Where {customers} live and what they do: how far these agree",
    "segments.bases_selection": (
        "Something is known of {described}, who typically have {described_orders}; the others typically have "
        "{undescribed_orders}. What holds for the described need not hold for all"
    ),
    "segments.bases_none": "Too little is known of who {customers} are to compare it with what they do",
    "segments.bases": (
        "Of {bases_compared} of who {customers} are with what they do, {bases_related:bare} agree more than chance; the closest of these, "
        "{closest_attribute} with {closest_behavior}, by {closest_v}, where one is the same and zero is chance"
    ),
    # tags
    "segments.tags_registry": "The registry: tags that rest on purchases, descriptions and coupons",
    "segments.other_tags_registry": "The registry: tags that rest on what else was delivered",
    "segments.tags_account": (
        "Tags in use: {tags_in_use:bare} of {tags_all}; held by nobody or by everybody, so that they tell nobody apart: "
        "{tags_degenerate:bare}; without data: {tags_undelivered:bare}"
    ),
    # portraits
    "segments.portraits": "Each segment at a glance: figures with their intervals, and what they are among all others",
    "segments.portraits_of_tiers": "Each value tier at a glance",
    # target market
    "segments.targets_title": "“{target_in_title}” ranks first in {target_first} of weightings",
    "segments.targets_title_otherwise": "How often each group ranks first, second, and so on",
    "segments.targets_subtitle": (
        "Share of {weightings} in which each group takes each rank; weights drawn evenly, {customers} resampled; {ranked}"
    ),
    "segments.targets_table": "The criteria by group, in the order of the declared weights",
    "segments.targets_weights": (
        "Declared weights: size {weight_size}, value {weight_value}, growth {weight_growth}, reach {weight_reach}; "
        "reached is who is {reached_by}"
    ),
    "segments.targets_weights_otherwise": (
        "Declared weights: size {weight_size}, value {weight_value}, growth {weight_growth}; who can be reached is not known"
    ),
    "segments.targets_none": "Fewer than two groups are large enough to be ranked",
    "segments.target": (
        "“{target}” would come first by size, value, growth and reach in {target_first} of {weightings} drawn, where nobody "
        "knows what each should count for"
    ),
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
    "segments.doubtful": (
        "Of the {again_all}, {again_doubtful:bare} may not be relied on: when {customers} are drawn anew, they are found again "
        "in part only"
    ),
    "segments.constructive": (
        "No separate groups were found among {clustered}: the {cut} here are a useful cut, not kinds of {customers} that exist by themselves"
    ),
    "segments.richest": (
        "Of the {customers} in segments, {richest_share} are called “{richest}” and bring most: {richest_revenue_share} of their revenue"
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
    # what a portrait measures
    "segments.word_measure_revenue": "revenue",
    "segments.word_measure_monthly": "revenue a month",
    "segments.word_measure_orders": "median orders",
    "segments.word_measure_order_value": "value of an order",
    # who answers for the definition of a tag
    "segments.word_owner_marketing": "marketing",
    "segments.word_owner_market_research": "market research",
    "segments.word_owner_category": "category management",
    "segments.word_owner_pricing": "pricing",
    "segments.word_owner_finance": "finance",
    "segments.word_owner_retention": "retention",
    "segments.word_owner_ecommerce": "e-commerce",
    "segments.word_owner_service": "service",
    "segments.word_owner_loyalty": "loyalty program",
    "segments.word_owner_product": "product management",
    "segments.word_owner_sales": "sales",
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
