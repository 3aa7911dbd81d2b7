"""Sentences of the satisfaction chapter.

A title ``<key>`` has a twin ``<key>_otherwise`` for data that do not suffice for its figures.
"""

SENTENCES: dict[str, str] = {
    # where there is nothing
    "satisfaction.no_answers": "A survey was delivered, but nobody has answered it so far",
    "satisfaction.no_recommendation": "No question asks whether {customers} would recommend, so there is no Net Promoter Score",
    "satisfaction.one_item_each": "Each dimension is asked about in one question only: whether several measure one thing cannot be said",
    "satisfaction.nothing": "There are too few answers for this figure, or they are all alike",
    "satisfaction.no_invitations": (
        "Nobody knows who was asked: how many answered cannot be said, nor whether they are like the others"
    ),
    "satisfaction.few_stars": "Too few people gave stars with what they wrote, or all gave as many",
    # scores
    "satisfaction.nps_title": "NPS is {nps} over all waves",
    "satisfaction.nps_title_otherwise": "NPS by wave",
    "satisfaction.nps_subtitle": "Promoters less detractors in points, by wave; {nps:n}",
    "satisfaction.nps_subtitle_otherwise": "Promoters less detractors in points, by wave",
    "satisfaction.waves_table": "Who was asked, and who answered",
    "satisfaction.csat_table": "Share who gave one of the two best answers when asked how content they are overall",
    "satisfaction.dimensions_title": "{best_dimension} scores highest with {best_score}, {worst_dimension} lowest with "
    "{worst_score}",
    "satisfaction.dimensions_title_otherwise": "Scores of the dimensions",
    "satisfaction.dimensions_subtitle": (
        "Mean score in points, none if all gave the worst answer; all waves; {best_score:n}"
    ),
    "satisfaction.dimensions_subtitle_otherwise": (
        "Mean score in points, none if all gave the worst answer; all waves"
    ),
    # reliability
    "satisfaction.reliability_table": "{reliable:bare} of {dimensions} are surely measured reliably",
    "satisfaction.reliability_table_otherwise": "Whether the items of a dimension measure one thing",
    "satisfaction.items_table": "Each item beside the rest of its dimension",
    # measurement
    "satisfaction.invariance_table": "All items are read alike in {alike:bare} of {tested_alike} between groups",
    "satisfaction.invariance_table_otherwise": "Whether all groups read the items alike",
    "satisfaction.broken": (
        "{broken_dimension} may be compared between {broken_between} only without {broken_items}, which is read "
        "otherwise in some of them; all items are read alike in {alike:bare} of {tested_alike}"
    ),
    "satisfaction.alike": "All items are read alike in {alike:bare} of {tested_alike} of a dimension between groups",
    "satisfaction.no_groups": "There are too few answers in too few groups to test whether all read the items alike",
    "satisfaction.htmt_title": "{dimensions_apart:bare} of {dimension_pairs} of dimensions are surely two",
    "satisfaction.htmt_title_otherwise": "Are two dimensions two?",
    "satisfaction.htmt_subtitle": (
        "Correlation between items of two dimensions by that within each (HTMT); from {htmt_limit} on they are one"
    ),
    "satisfaction.htmt_subtitle_otherwise": "Correlation between items of two dimensions by that within each (HTMT)",
    "satisfaction.htmt_limit": "One, not two",
    "satisfaction.fit_table": "What is behind the items: how well each model fits {fitted_sheets}",
    "satisfaction.fit_table_otherwise": "What is behind the items: how well each model fits",
    "satisfaction.agreeing": (
        "{agreeing} of the variance of the items goes with agreeing to whatever is asked, and says nothing of contentment"
    ),
    "satisfaction.held_out": (
        "Weights from earlier waves explain {held_out} of how content answers of wave {held_out_wave} are overall"
    ),
    # who answered
    "satisfaction.who_title": "Those who answered had placed {answerers_orders} on average, the others {others_orders}",
    "satisfaction.who_title_otherwise": "Those who answered beside those who did not",
    "satisfaction.who_subtitle": (
        "Difference in standard deviations, in the {window} before they were asked; {answerers_orders:n}"
    ),
    "satisfaction.who_subtitle_otherwise": "Difference in standard deviations, in the {window} before they were asked",
    "satisfaction.who_even": "No difference",
    "satisfaction.versions_title": "Weighted to all who were asked, NPS is {nps_weighted}; as answered {nps_raw}",
    "satisfaction.versions_title_otherwise": "NPS as answered and weighted",
    "satisfaction.versions_subtitle": "Promoters less detractors in points, all waves; {nps_raw:n}",
    "satisfaction.versions_subtitle_otherwise": "Promoters less detractors in points, all waves",
    "satisfaction.versions_table": "The scores as answered, weighted, and without those who always gave one answer",
    "satisfaction.weights_limit": (
        "Weights correct only what behavior before the survey explains. What the silent think beyond that cannot be "
        "estimated, only assumed, as in the next table."
    ),
    "satisfaction.scenarios_table": "What the scores would be if those who did not answer were less content",
    # drivers
    "satisfaction.drivers_title": "{top_driver} accounts for {top_importance} of what the dimensions explain",
    "satisfaction.drivers_title_otherwise": "What each dimension accounts for",
    "satisfaction.drivers_subtitle": (
        "Part of the explained variance of contentment overall; all explain {explained} of it; {top_importance:n}"
    ),
    "satisfaction.drivers_subtitle_otherwise": "Part of the explained variance of contentment overall",
    "satisfaction.pairs_table": "{told_apart:bare} of {pairs} can be told apart by their importance",
    "satisfaction.pairs_table_otherwise": "Which dimensions can be told apart by their importance",
    "satisfaction.map_title": "{top_driver} accounts for most, and scores {top_performance}",
    "satisfaction.map_title_otherwise": "Importance and performance of the dimensions",
    "satisfaction.map_subtitle": "Part of the explained variance against mean score; {top_importance:n}",
    "satisfaction.map_subtitle_otherwise": "Part of the explained variance against mean score",
    "satisfaction.map_performance": "Mean score",
    "satisfaction.map_importance": "Importance",
    "satisfaction.drivers_table": "Importance, what no other dimension explains, and performance",
    # penalties and rewards, segments beside each other
    "satisfaction.penalties_title": "Ten points less in {worst_penalty_of} go with {worst_penalty} less overall",
    "satisfaction.penalties_title_otherwise": "Penalties and rewards of the dimensions",
    "satisfaction.penalties_subtitle": (
        "Points of contentment overall per ten points of a dimension, below its median and above; {worst_penalty:n}"
    ),
    "satisfaction.penalties_subtitle_otherwise": (
        "Points of contentment overall per ten points of a dimension, below its median and above"
    ),
    "satisfaction.word_below": "below the median",
    "satisfaction.word_pair": "pair",
    "satisfaction.word_slope": "slope",
    "satisfaction.word_above": "above the median",
    "satisfaction.must_be": "Doing badly in {must_be} goes with a larger loss than the gain that goes with doing well",
    "satisfaction.groups_alike": (
        "In {weighed_otherwise:bare} of {weighed} a dimension accounts for more or less in a segment than among all "
        "others, beyond chance"
    ),
    # complaints
    "satisfaction.complaints_title": "{complained_topic} accounts for {complained_share} of badly rated contacts",
    "satisfaction.complaints_title_otherwise": "What badly rated contacts are about",
    "satisfaction.complaints_subtitle": "Share of the contacts rated one or two of five; {complained_share:n}",
    "satisfaction.complaints_subtitle_otherwise": "Share of the contacts rated one or two of five",
    "satisfaction.complaints_table": "{changed_topics:bare} of {known_topics} have become more or fewer beyond chance",
    "satisfaction.complaints_table_otherwise": "Badly rated contacts by topic, earlier and later",
    "satisfaction.complaints": (
        "{complained_topic} accounts for {complained_share} of the contacts that customers rated as bad; "
        "{changed_topics:bare} of {known_topics} have become more or fewer over time"
    ),
    "satisfaction.no_complaints": "Too few contacts were rated as bad to say what they are about",
    # waves
    "satisfaction.control_title": "In wave {last_wave} none of {unmoved} has moved beyond chance",
    "satisfaction.control_title_otherwise": "The last wave beside those before",
    "satisfaction.control_subtitle": "Points above or below all waves before, made of items that all waves read alike",
    "satisfaction.control_none": "There is no earlier wave, or there are too few answers, to hold the last one against",
    "satisfaction.control_even": "As before",
    "satisfaction.moved": (
        "In wave {last_wave} {moved:bare} of {watched} have moved beyond chance, {moved_score} by {moved_by}"
    ),
    "satisfaction.unmoved": "In wave {last_wave} none of {unmoved} has moved beyond chance from the waves before",
    "satisfaction.plan_table": (
        "For NPS give or take {plan_margin}, {plan_answers} are needed: {plan_asked} must be asked"
    ),
    "satisfaction.plan_table_otherwise": "How many answers a wanted precision needs",
    "satisfaction.reverse_table": "The other way round: what was spent before, and what is said later",
    # segments
    "satisfaction.segments_title": "NPS is {first_nps} among {customers} called “{first_segment}”, {last_nps} among “{last_segment}”",
    "satisfaction.segments_title_otherwise": "NPS by segment",
    "satisfaction.segments_subtitle": (
        "Promoters less detractors in points, by segment of today; segments of {min_group} or more"
    ),
    "satisfaction.everyone": "All {customers}",
    "satisfaction.segments_table": "{standing_out:bare} of {compared} with all others stand out beyond chance",
    "satisfaction.segments_table_otherwise": "Scores by segment",
    # said and done
    "satisfaction.said_title": "What was said and what was spent later correlate by {partial}, the past held fixed",
    "satisfaction.said_title_otherwise": "What was said beside what was spent later",
    "satisfaction.said_subtitle": (
        "Correlation with spend in the {window} after the answer, earlier orders held fixed; {partial:n}"
    ),
    "satisfaction.said_subtitle_otherwise": (
        "Correlation with spend in the {window} after the answer, earlier orders held fixed"
    ),
    "satisfaction.said_none": "No correlation",
    "satisfaction.said_table": "What was said, and spend in the {window} after it",
    "satisfaction.said_meaning": (
        "What came first is certain. This does not show that making someone more content would change what they spend: "
        "something else may have come before both."
    ),
    "satisfaction.cells_table": "Who was content and who was not, and who then stayed",
    "satisfaction.cells_few": (
        "Too few {customers} were not content and then went quiet to say how many, even with all waves together"
    ),
    # service
    "satisfaction.waits_title": (
        "The median wait for a first answer is {slow_wait} by {slow_channel}, {fast_wait} by {fast_channel}"
    ),
    "satisfaction.waits_title_otherwise": "How long contacts wait for a first answer",
    "satisfaction.waits_subtitle": "Median hours until the first answer, by channel; those still waiting count as such",
    "satisfaction.waits_table": "Waits for a first answer, by channel; soon: within {soon}",
    "satisfaction.contacts_title": "Answered {soonest_band} {soonest_content} are content, {latest_band} "
    "{latest_content}",
    "satisfaction.contacts_title_otherwise": "How content customers are with a contact, by their wait",
    "satisfaction.contacts_subtitle": "Share of rated contacts with one of the two best ratings, by time to the answer",
    "satisfaction.contacts_table": "Ratings of contacts by how long they waited",
    "satisfaction.feedback_table": "How many texts customers wrote; none is shown",
    "satisfaction.stars_title": "Texts with stars give {mean_stars} on average",
    "satisfaction.stars_title_otherwise": "How many stars are given",
    "satisfaction.stars_subtitle": "Share of texts by their number of stars; {rated_texts}",
    "satisfaction.stars_subtitle_otherwise": "Share of texts by their number of stars",
    "satisfaction.months_title": "Most was written in {most_month:month}: {most_texts}",
    "satisfaction.months_title_otherwise": "How much is written from month to month",
    "satisfaction.months_subtitle": "Texts by month; months that lie wholly in the study",
    "satisfaction.mood_title": "Stars from day to day, over four weeks each",
    "satisfaction.mood_subtitle": "Mean stars of the texts of the four weeks up to each day; days with ten writers or more",
    "satisfaction.agents_title": "{agents_talking:bare} of {agents_known} talk more or less than the others",
    "satisfaction.agents_title_otherwise": "How much of a call the agent speaks",
    "satisfaction.agents_subtitle": "Share of a call in which the agent spoke, by agent; {agents_known} with ten callers or more",
    "satisfaction.agents_subtitle_otherwise": "Share of a call in which the agent spoke, by agent",
    "satisfaction.agents_table": "How each agent's calls go; ratings adjusted for topic and language, and pooled",
    "satisfaction.agents_apart": "Of {agents_known} on the telephone, {agents_talking:bare} talk more or less than the others, and {agents_rated:bare} are rated better or worse, for calls of one topic and language",
    "satisfaction.agents_few": "Too few callers spoke with any agent to say how agents differ",
    "satisfaction.sound_table": "What was measured in calls rated well and badly; shares as parts of one, pitch in the sender's unit, length in minutes",
    "satisfaction.phrases_table": "{telling_phrases:bare} of {phrases} tell calls rated well from calls rated badly",
    "satisfaction.phrases_table_otherwise": "Phrases that customers say in calls",
    "satisfaction.phrases_few": "Too few rated calls have a transcript to tell what customers say when they are content",
    "satisfaction.kappa": "Two readers gave the texts that both read {kappa_verdict} codes: Cohen's kappa {kappa}",
    "satisfaction.kappa_table": "Whether readers of the same texts saw the same",
    "satisfaction.kappa_one": "No two readers have read the same texts, so nothing says whether another would see the same in them",
    "satisfaction.themes_title": "{most_code} stands in {most_code_share} of coded texts",
    "satisfaction.themes_title_otherwise": "What readers saw in texts",
    "satisfaction.themes_subtitle": "Share of coded texts to which a reader gave the code, all kinds of code",
    "satisfaction.themes_segments": "Share of the customers of each value level with coded texts, by code",
    # findings
    "satisfaction.stars": (
        "Texts with stars give {mean_stars} on average, of five at best; {best_share} of them give all five"
    ),
    "satisfaction.content": "{content} of {content:n} to the question how content they are overall are one of the two best",
    "satisfaction.dimensions": (
        "{best_dimension} scores highest with {best_score}, {worst_dimension} lowest with {worst_score}, in points: none if "
        "all gave the worst answer"
    ),
    "satisfaction.many_dimensions": (
        "There are so many dimensions that not every order of adding them can be tried; relative weights, which come close "
        "to that, share out what they explain"
    ),
    "satisfaction.nps_asked": (
        "NPS {nps:full} from {nps:n}; {response} of invitations were answered, and whether those who did not answer "
        "are like the others cannot be said"
    ),
    "satisfaction.nps": (
        "NPS {nps:full} from {nps:n}; {answered_share} of invitations were answered, by {customers} who had placed "
        "{answerers_orders} on average in the {window} before; those who did not answer had placed {others_orders}"
    ),
    "satisfaction.nps_alone": "NPS {nps:full} from {nps:n}; how many of those asked answered is not known",
    "satisfaction.weighted": (
        "Weighted to all who were asked, NPS is {nps_weighted}, and {nps_raw} as answered; were the silent "
        "{points_below} below even those like them, it would be {nps_if_worse}"
    ),
    "satisfaction.drivers": (
        "{top_driver} accounts for {top_importance} of what the dimensions explain of contentment overall, "
        "{last_driver} for {last_importance}; {told_apart:bare} of {pairs} of dimensions can be told apart"
    ),
    "satisfaction.segments": (
        "NPS is {first_nps} among {customers} called “{first_segment}”, {last_nps} among “{last_segment}”; {standing_out:bare} of {compared} of a segment with all others stand out beyond chance"
    ),
    "satisfaction.said_and_done": (
        "What {customers} said and what they spent in the {window} after it correlate by {partial}, once what they "
        "spent before is held fixed"
    ),
    "satisfaction.waits": (
        "The median wait for a first answer of the service is {fast_wait} by {fast_channel}, {slow_wait} by "
        "{slow_channel}"
    ),
    # words in tables
    "satisfaction.word_all_waves": "all waves",
    "satisfaction.word_overall": "overall",
    "satisfaction.word_nps": "NPS",
    "satisfaction.word_quality": "quality",
    "satisfaction.word_price": "price",
    "satisfaction.word_service_attitude": "service attitude",
    "satisfaction.word_response_speed": "response speed",
    "satisfaction.word_store_experience": "store experience",
    "satisfaction.word_email": "email",
    "satisfaction.word_e_mail": "e-mail",
    "satisfaction.word_chat": "chat",
    "satisfaction.word_phone": "phone",
    "satisfaction.word_store": "store",
    "satisfaction.word_en": "en",
    "satisfaction.word_zh": "zh",
    "satisfaction.word_unknown": "unknown",
}
