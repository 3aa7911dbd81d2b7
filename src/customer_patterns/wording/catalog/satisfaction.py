"""Sentences of the satisfaction chapter.

A title ``<key>`` has a twin ``<key>_otherwise`` for data that do not suffice for its figures.
"""

SENTENCES: dict[str, str] = {
    # where there is nothing
    "satisfaction.no_answers": "A survey was delivered, but nobody has answered it so far",
    "satisfaction.no_recommendation": "No question asks whether {customers} would recommend, so there is no Net Promoter Score",
    "satisfaction.one_item_each": "Each dimension is asked about in one question only: whether several measure one thing cannot be said",
    "satisfaction.one_dimension": (
        "Whether dimensions are what they are called can only be said where several questions ask for each of two, and "
        "answers suffice"
    ),
    "satisfaction.few_steps": (
        "The question how content {customers} are overall has too few possible answers for a share of the two best"
    ),
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
    "satisfaction.dimensions_alike": "The highest and the lowest of the dimensions can hardly be told apart",
    "satisfaction.dimensions_subtitle": (
        "Mean score in points, none if all gave the worst answer; all waves; {highest_score:n}"
    ),
    "satisfaction.dimensions_subtitle_otherwise": (
        "Mean score in points, none if all gave the worst answer; all waves"
    ),
    # the standard
    "satisfaction.measured_table": (
        "{dimensions_asked} are measured with {dimensions_items}; for {dimensions_reasoned:bare} of them a reason is given"
    ),
    "satisfaction.measured_table_otherwise": "Which dimensions are measured, with which questions, and why",
    "satisfaction.indices_table": "The usual indices side by side, each as it was published",
    "satisfaction.bridges_table": (
        "{scales_changed} changed the scale between waves; answers before and after may be compared for "
        "{scales_bridged:bare} of them"
    ),
    "satisfaction.bridges_table_otherwise": "Items that changed their scale between waves",
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
    "satisfaction.broken_throughout": (
        "{broken_dimension} may be compared between {broken_between} only without {broken_items}, which is read "
        "otherwise in some of them; in none of {unlike} all items are read alike"
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
    "satisfaction.weights_limit": (
        "Weights correct only what behavior before the survey explains. What the silent think beyond that cannot be "
        "estimated, only assumed, as in the next table."
    ),
    "satisfaction.weighted_table": (
        "Raked to what is known of all who were asked, NPS is {nps_raked}, from answers worth {answers_worth:bare} of "
        "equal weight"
    ),
    "satisfaction.weighted_table_otherwise": "The scores by the way answers are weighted",
    "satisfaction.tipping_table": (
        "NPS falls to {tipping_mark} only if those who did not answer lie {tips_at} below those like them who did"
    ),
    "satisfaction.tipping_table_otherwise": "How far those who did not answer would have to lie below the others",
    # drivers
    "satisfaction.drivers_title": "{top_driver} accounts for {top_importance} of what the dimensions explain",
    "satisfaction.drivers_title_otherwise": "What each dimension accounts for",
    "satisfaction.drivers_subtitle": (
        "Part of the explained variance of contentment overall; all explain {explained} of it; {top_importance:n}"
    ),
    "satisfaction.drivers_subtitle_otherwise": "Part of the explained variance of contentment overall",
    "satisfaction.map_title": "{top_driver} accounts for most, and scores {top_performance}",
    "satisfaction.map_title_otherwise": "Importance and performance of the dimensions",
    "satisfaction.map_subtitle": "Part of the explained variance against mean score; {top_importance:n}",
    "satisfaction.map_subtitle_otherwise": "Part of the explained variance against mean score",
    "satisfaction.map_performance": "Mean score",
    "satisfaction.map_importance": "Importance",
    "satisfaction.drivers_table": "Importance, what no other dimension explains, and performance",
    "satisfaction.views_table": "Share, slopes and map agree for {agreed_views:bare} of {viewed}",
    "satisfaction.views_table_otherwise": "What share, slopes and map say of each dimension, and where they agree",
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
    "satisfaction.word_which_answers": "which answers",
    "satisfaction.word_slope": "slope",
    "satisfaction.word_above": "above the median",
    "satisfaction.must_be": "Doing badly in {must_be} goes with a larger loss than the gain that goes with doing well",
    "satisfaction.groups_differ": (
        "In {weighed_otherwise:bare} of {weighed} a dimension accounts for more or less in a segment than among all "
        "others, beyond chance"
    ),
    "satisfaction.groups_alike": (
        "In none of {weighed_alike} a dimension accounts for more or less in a segment than among all others, beyond "
        "chance"
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
    "satisfaction.complaints_steady": (
        "{complained_topic} accounts for {complained_share} of the contacts that customers rated as bad; none of "
        "{steady_topics} has become more or fewer over time"
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
    "satisfaction.plan_often": (
        "For NPS give or take {plan_margin}, {plan_answers} are needed: {plan_asked} must be asked, which may be done "
        "every {plan_apart}"
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
    "satisfaction.segments_table": "Beyond chance stand out {standing_out:bare} of {compared} with all others",
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
    "satisfaction.cells_table": "Who was content and who was not, who then stayed, and what each spent a month before",
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
    "satisfaction.stars_title": "Texts with stars give {mean_stars} on average",
    "satisfaction.stars_title_otherwise": "How many stars are given",
    "satisfaction.stars_subtitle": "Share of texts by their number of stars; {rated_texts}",
    "satisfaction.stars_subtitle_otherwise": "Share of texts by their number of stars",
    "satisfaction.stars_given": "Stars",
    "satisfaction.mood_title": "Stars from day to day, over four weeks each",
    "satisfaction.mood_subtitle": "Mean stars of the texts of the four weeks up to each day; days with ten writers or more",
    "satisfaction.agents_title": "Of {agents_known}, those who talk more or less than the others: {agents_talking:bare}",
    "satisfaction.agents_title_otherwise": "How much of a call the agent speaks",
    "satisfaction.agents_subtitle": "Share of a call in which the agent spoke, by agent; {agents_known} with ten callers or more",
    "satisfaction.agents_subtitle_otherwise": "Share of a call in which the agent spoke, by agent",
    "satisfaction.agents_table": "How each agent's calls go; ratings adjusted for topic and language, and pooled",
    "satisfaction.agents_apart": (
        "Of {agents_known} on the telephone, those who talk more or less than the others: {agents_talking:bare}; those "
        "rated better or worse, for calls of one topic and language: {agents_rated:bare}"
    ),
    "satisfaction.agents_talk": (
        "Of {agents_known} on the telephone, those who talk more or less than the others: {agents_talking:bare}; "
        "nobody is rated better or worse beyond chance, for calls of one topic and language"
    ),
    "satisfaction.agents_rated": (
        "Of {agents_known} on the telephone, those rated better or worse than the others, for calls of one topic and "
        "language: {agents_rated:bare}; nobody talks more or less beyond chance"
    ),
    "satisfaction.agents_alike": (
        "Of {agents_known} on the telephone nobody talks more or less than the others, or is rated better or worse, "
        "beyond chance"
    ),
    "satisfaction.agents_few": "Too few callers spoke with any agent to say how agents differ",
    "satisfaction.sound_table": "What was measured in calls rated well and badly; shares as parts of one, pitch in the sender's unit, length in minutes",
    "satisfaction.tone_title": "Texts that blame, from day to day, over four weeks each",
    "satisfaction.tone_subtitle": (
        "Share of the texts of the four weeks up to each day that blame; days with ten writers or more"
    ),
    "satisfaction.repurchase_table": (
        "Who buys again after the last wave: how often, of one who did and one who did not, the right one ranks higher"
    ),
    "satisfaction.repurchase_few": (
        "Whether answers foretell who buys again cannot be said: that needs two waves, and in each some who stayed away"
    ),
    "satisfaction.call_mood_table": "Callers blame in {blaming_calls} of calls, by what they say",
    "satisfaction.call_mood_table_otherwise": "How callers sound, by what they say",
    "satisfaction.phrases_table": "{telling_phrases:bare} of {phrases} tell calls rated well from calls rated badly",
    "satisfaction.phrases_table_otherwise": "Phrases that customers say in calls",
    "satisfaction.phrases_alike": "No phrase tells calls rated well from calls rated badly, beyond chance",
    "satisfaction.phrases_few": "Too few rated calls have a transcript to tell what customers say when they are content",
    "satisfaction.kappa": "Two readers gave the texts that both read {kappa_verdict} codes: Cohen's kappa {kappa}",
    "satisfaction.kappa_table": "Whether readers of the same texts saw the same",
    "satisfaction.kappa_one": "No two readers have read the same texts, so nothing says whether another would see the same in them",
    "satisfaction.themes_title": "{most_code} stands in {most_code_share} of coded texts",
    "satisfaction.themes_title_otherwise": "What readers saw in texts",
    "satisfaction.themes_subtitle": "Share of coded texts to which a reader gave the code, all kinds of code",
    "satisfaction.themes_segments": "Share of the customers of each value level with coded texts, by code",
    # texts
    "satisfaction.text_title": "{blamed_theme} is blamed in {blamed_share} of the texts that speak of it",
    "satisfaction.text_title_otherwise": "How texts sound about each theme",
    "satisfaction.text_subtitle": "Share of the texts on a theme that blame it; {blamed_share:n}",
    "satisfaction.text_subtitle_otherwise": "Share of the texts on a theme that blame it",
    "satisfaction.text_table": (
        "{most_theme} stands in {most_theme_share} of texts; those that sound worse than the others: "
        "{worse_themes:bare} of {told_themes}"
    ),
    "satisfaction.text_table_otherwise": "What texts are about",
    "satisfaction.text_languages_table": "How well praise and blame are told apart in each language, on texts that nothing was learned from",
    "satisfaction.text_examples_table": "How it is said, in words that many writers use",
    "satisfaction.text_topics_table": "Topics that no list names: {topics_again:bare} of {topics_tried} are found again in samples of the texts",
    "satisfaction.text_topics_table_otherwise": "Topics that no list names",
    "satisfaction.text_no_theme": "No theme is named in texts of enough writers, or no text is in English or Chinese",
    "satisfaction.text_not_told": "Praise and blame are not told apart well enough in any language, so they are not used",
    "satisfaction.text_no_example": "Too few writers use the same words to show how a theme is spoken of",
    "satisfaction.text_no_topic": "Beyond the themes that were looked for, no topic is found again in samples of the texts",
    "satisfaction.needs_table": "What texts and searches miss: {needs}, {not_sold:bare} of them not sold under that name",
    "satisfaction.needs_table_otherwise": "What texts and searches miss",
    "satisfaction.no_needs": "No theme is blamed more than the others, and nothing is asked for or searched for in vain by enough people",
    "satisfaction.texts_blame": (
        "{most_theme} is what most texts are about, {most_theme_share} of them; {blamed_theme} is blamed most, in "
        "{blamed_share} of the texts that speak of it; those that sound worse than the others: {worse_themes:bare} of "
        "{told_themes}"
    ),
    "satisfaction.texts_blame_alike": (
        "{most_theme} is what most texts are about, {most_theme_share} of them; {blamed_theme} is blamed most, in "
        "{blamed_share} of the texts that speak of it; none of {like_themes} sounds worse than the others beyond chance"
    ),
    "satisfaction.texts_speak": "{most_theme} is what most texts are about, {most_theme_share} of them",
    "satisfaction.word_product_quality": "product quality",
    "satisfaction.word_shipping": "shipping",
    "satisfaction.word_assortment": "assortment",
    "satisfaction.word_loyalty_offers": "loyalty offers",
    "satisfaction.word_website": "website",
    "satisfaction.word_after_sales": "after-sales",
    "satisfaction.word_all_languages": "all",
    # findings
    "satisfaction.stars": (
        "Texts with stars give {mean_stars} on average, of five at best; {best_share} of them give all five"
    ),
    "satisfaction.content": "{content} of {content:n} to the question how content they are overall are one of the two best",
    "satisfaction.overall": (
        "Contentment overall is {overall_score} in points, none if all gave the worst answer; {overall_score:n}"
    ),
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
    "satisfaction.drivers_alike": (
        "{top_driver} accounts for {top_importance} of what the dimensions explain of contentment overall, "
        "{last_driver} for {last_importance}; none of {like_pairs} of dimensions can be told apart"
    ),
    "satisfaction.segments": (
        "NPS is {first_nps} among {customers} called “{first_segment}”, {last_nps} among “{last_segment}”; "
        "beyond chance stand out {standing_out:bare} of {compared} of a segment with all others"
    ),
    "satisfaction.segments_alike": (
        "NPS is {first_nps} among {customers} called “{first_segment}”, {last_nps} among “{last_segment}”; none of "
        "{like_segments} of a segment with all others stands out beyond chance"
    ),
    "satisfaction.said_and_done": (
        "What {customers} said and what they spent in the {window} after it correlate by {partial}, once what they "
        "spent before is held fixed"
    ),
    "satisfaction.waits": (
        "The median wait for a first answer of the service is {fast_wait} by {fast_channel}, {slow_wait} by "
        "{slow_channel}"
    ),
    # sources beside each other
    "satisfaction.sources_title": "Sources that find the same {customers} content: {sources_agreeing:bare} of {source_pairs}",
    "satisfaction.sources_title_otherwise": "Whether two sources find the same {customers} content",
    "satisfaction.sources_subtitle": "Rank correlation over {customers} of whom both sources tell; all sources on one scale",
    "satisfaction.sources_none": "No agreement",
    "satisfaction.sources_few": "Too few {customers} are told of by two sources to say whether these agree",
    "satisfaction.sources_table": (
        "Sources that lie on different levels for the same {customers}: {level_apart:bare} of {source_pairs}"
    ),
    "satisfaction.sources_table_otherwise": "Two sources beside each other, for the same {customers}",
    "satisfaction.themes_apart_table": "In {themes_apart:bare} of {themes_known} those who had turned to the service about it differ from all others",
    "satisfaction.themes_apart_table_otherwise": "Answers of those who had turned to the service about it, beside all others",
    "satisfaction.sources_agree": (
        "Sources that find the same {customers} content: {sources_agreeing:bare} of {source_pairs}, {agreeing_first} "
        "beside {agreeing_second} most closely (rank correlation {agreeing_by}); on different levels: {level_apart:bare}"
    ),
    "satisfaction.sources_level": (
        "Sources that find the same {customers} content: {sources_agreeing:bare} of {source_pairs}, {agreeing_first} "
        "beside {agreeing_second} most closely (rank correlation {agreeing_by}); no two surely lie on different levels"
    ),
    "satisfaction.sources_apart": "None of {sources_unlike} of sources surely finds the same {customers} content",
    "satisfaction.portraits_table": "Satisfaction on each segment's portrait, from all sources; who stands out in what",
    # behavior alone
    "satisfaction.proxy_title": "Behavior explains {proxy_explains} of what will be answered",
    "satisfaction.proxy_too_little": "Behavior explains {proxy_explains_little} of how answers differ: too little to stand in for them",
    "satisfaction.proxy_title_otherwise": "How much of an answer behavior before it explains",
    "satisfaction.proxy_subtitle": "Share of the squared error of the mean that is saved, for answers not learned from",
    "satisfaction.proxy_baseline": "No better than the mean",
    "satisfaction.proxy_few": "Too few answers have behavior before them to learn from some and test on others",
    "satisfaction.signals_table": "What goes with contentment beyond chance, all else held fixed: {signals_telling:bare} of {signals_known} in behavior",
    "satisfaction.signals_table_otherwise": "What each kind of behavior goes with",
    "satisfaction.proxy_carries": (
        "Behavior before an answer explains {proxy_explains} of how content {customers} then say they are, in answers "
        "not learned from"
    ),
    "satisfaction.proxy_little": (
        "Behavior before an answer explains {proxy_explains_little} of how content {customers} then say they are: it "
        "carries something, and too little to stand in for asking"
    ),
    "satisfaction.proxy_none": (
        "Behavior before an answer does not carry how content {customers} then say they are, tested on {proxy_nothing} "
        "not learned from"
    ),
    # products
    "satisfaction.products_none": (
        "No text with stars names a product, and no purchase was returned: how content {customers} are with single "
        "products cannot be said"
    ),
    "satisfaction.products_alike": (
        "No category or product stands out from the others in stars, returns or complaints, beyond chance"
    ),
    "satisfaction.products_table": "Of {products_compared} with all others, those that stand out beyond chance: {products_apart:bare}",
    "satisfaction.products_table_otherwise": "Stars, returns and complaints of categories and products",
    "satisfaction.products_apart": (
        "Of {products_compared} of a category or product with all others, in stars, returns or complaints, those that "
        "are worse beyond chance: {products_worse:bare}; those that are better: {products_better:bare}"
    ),
    "satisfaction.products_worse": (
        "Of {products_compared} of a category or product with all others, in stars, returns or complaints, those that "
        "are worse beyond chance: {products_worse:bare}; none is better"
    ),
    "satisfaction.products_better": (
        "Of {products_compared} of a category or product with all others, in stars, returns or complaints, those that "
        "are better beyond chance: {products_better:bare}; none is worse"
    ),
    # handling of contacts
    "satisfaction.waits_ratings_table": "Wait and rating correlate by {wait_and_rating} within {wait_channel}",
    "satisfaction.waits_ratings_table_otherwise": "Whether who waits longer rates worse, within each channel",
    "satisfaction.service_agents_title": "Of {agents_compared}, those who answer sooner or later than their contacts explain: {agents_speed:bare}",
    "satisfaction.service_agents_title_otherwise": "How soon each agent answers, for the same mix of contacts",
    "satisfaction.service_agents_subtitle": "Wait by that of the median agent, for contacts of one topic, channel and time of day; drawn toward the others",
    "satisfaction.service_agents_even": "As the median agent",
    "satisfaction.service_agents_few": "Too few agents have contacts enough to be compared on the same mix of them",
    "satisfaction.service_agents_table": "Agents by number, on the same mix of contacts",
    "satisfaction.service_agents": (
        "Of {agents_compared}, those who answer contacts of one topic, channel and time of day sooner or later than "
        "the others, beyond chance: {agents_speed:bare}; those rated better or worse: {agents_rating:bare}"
    ),
    "satisfaction.service_agents_speed": (
        "Of {agents_compared}, those who answer contacts of one topic, channel and time of day sooner or later than "
        "the others, beyond chance: {agents_speed:bare}; nobody is rated better or worse"
    ),
    "satisfaction.service_agents_rating": (
        "Of {agents_compared}, those rated better or worse than the others for contacts of one topic, channel and time "
        "of day, beyond chance: {agents_rating:bare}; nobody answers sooner or later"
    ),
    "satisfaction.service_agents_alike": (
        "Of {agents_compared} nobody answers contacts of one topic, channel and time of day sooner or later than the "
        "others, or is rated better or worse, beyond chance"
    ),
    "satisfaction.improvements_table": "{improved:bare} of {improvements} are followed by fewer contacts about their topic, beside all other topics",
    "satisfaction.improvements_table_otherwise": "Contacts about a topic before and after something was done about it",
    "satisfaction.improvements_none": "The study file declares no improvement, so none can be held against the contacts before and after it",
    "satisfaction.improved": (
        "{improved:bare} of {improvements} are followed by fewer contacts about their topic, beside all other topics; "
        "before and after alone shows no more than that"
    ),
    "satisfaction.word_all_channels": "all channels",
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
    "satisfaction.word_english": "English",
    "satisfaction.word_chinese": "Chinese",
    "satisfaction.word_zh": "zh",
    "satisfaction.word_unknown": "unknown",
}
