"""Sentences of the outlook chapter.

A title ``<key>`` has a twin ``<key>_otherwise`` for data that do not suffice for its figures.
"""

SENTENCES: dict[str, str] = {
    # what customers are worth
    "outlook.worth_title": "{worth_n} are expected to bring {worth_value} in the next {worth_weeks}",
    "outlook.worth_title_otherwise": "What {customers} are expected to bring",
    "outlook.worth_subtitle": "Expected worth of one {customer} in {worth_weeks}, by value tier; lines: most futures; {worth_n}",
    "outlook.worth_subtitle_otherwise": "Expected worth of one {customer}, by value tier; lines: most futures",
    "outlook.worth_table": "What the tiers are worth in {worth_weeks}; those who came on one day only apart",
    "outlook.worth_short": (
        "What {customers} are worth cannot be said here: that needs {worth_fewest}, some of whom came again, and "
        "{worth_days} of orders"
    ),
    "outlook.worth_continued": (
        "Added up over all {customers}, this is {worth_beside} times what comes if revenue goes on as in the last "
        "{held_weeks}: the sum knows who has left, and nobody who is yet to join"
    ),
    "outlook.worth_continued_otherwise": "There is no revenue of late to hold the sum against",
    "outlook.worth_tied": (
        "What a shopping day brings goes with how often {customers} come (rank correlation {worth_tie}), which the model "
        "takes not to be so: what the most frequent are worth is less sure than intervals say"
    ),
    "outlook.worth_tied_otherwise": (
        "What a shopping day brings hardly goes with how often {customers} come, as the model takes it"
    ),
    "outlook.worth_tested_title": "Held back: {worth_foretold} was expected, {worth_came} came",
    "outlook.worth_tested_title_otherwise": "What was expected and what came",
    "outlook.worth_tested_subtitle": (
        "Worth of one {customer} in {held_weeks}, by tenth of expected worth, the highest first; what came lies within most futures in "
        "{worth_tenths_held} of {worth_tenths} tenths"
    ),
    "outlook.worth_tested_subtitle_otherwise": "Worth of one {customer} in {held_weeks}, by tenth of expected worth",
    "outlook.worth_tested_axis": "Tenth of {customers}, the most worth first",
    "outlook.worth_tested_short": (
        "No weeks can be held back here: that needs {tested_weeks} of orders and {worth_fewest} in the earlier ones"
    ),
    "outlook.worth_models_table": "The models compared: smaller BIC fits better; times what came, of orders held back",
    "outlook.worth_changed_title": "In {worth_step}, what {customers} are worth changed by {worth_surely}",
    "outlook.worth_changed_title_otherwise": "What {customers} are worth cannot be told from what it was {worth_step} before",
    "outlook.worth_changed_subtitle": (
        "Change of what is expected in {worth_weeks}, from {worth_step} before the last day to that day; parts add up; "
        "{worth_n}"
    ),
    "outlook.worth_changed_subtitle_otherwise": "Change of what is expected, in parts that add up",
    "outlook.worth_dates_table": "What {customers} were worth in the next {worth_weeks}, as of each day",
    "outlook.contracts_title": "{contracts_kept} of running contracts are expected to run on for {worth_weeks}",
    "outlook.contracts_title_otherwise": "How many running contracts run on",
    "outlook.contracts_subtitle": "Share of running contracts that are not cancelled within {worth_weeks}, by plan; {contracts_watched}",
    "outlook.contracts_subtitle_otherwise": "Share of running contracts that are not cancelled, by plan",
    "outlook.contracts_table": "What running contracts bring in {worth_weeks}; plans with few contracts are blank",
    "outlook.contracts_short": (
        "Contracts were delivered, but no plan has {fewest_contracts} of which {fewest_ended} were cancelled: more is "
        "needed to say how long they last"
    ),
    "outlook.worth": (
        "In the next {worth_weeks}, {worth_n} are expected to bring {worth_value}; {worth_top_share} of it comes from "
        "{worth_top_n} of the tier {worth_top_group}"
    ),
    "outlook.worth_tested": (
        "When the last {held_weeks} were held back, {worth_foretold} was foretold and {worth_came} came: "
        "{worth_verdict}"
    ),
    "outlook.worth_changed": (
        "In {worth_step}, what {customers} are worth for the next {worth_weeks} changed by {worth_surely}: by "
        "{worth_alive} in who is still there, by {worth_joined} in who joined"
    ),
    "outlook.worth_alike": (
        "In {worth_step}, what {customers} are worth for the next {worth_weeks} changed by {worth_perhaps}, which cannot "
        "be told from no change: {worth_alive} in who is still there, {worth_joined} in who joined"
    ),
    "outlook.contracts": (
        "Of {contracts_running} that run today, {contracts_kept} are expected to run on for {worth_weeks}; until then "
        "all of them bring {contracts_value} in fees"
    ),
    "outlook.word_expected": "expected",
    "outlook.word_came": "came",
    "outlook.word_came_once": "came on one day only",
    "outlook.word_all_plans": "all plans",
    "outlook.word_no_group": "in no group",
    # who is leaving
    "outlook.came_back_title": "{back_share} of {customers} who left in part bought again soon after",
    "outlook.came_back_title_otherwise": "Who came back, by what leaving means",
    "outlook.came_back_subtitle": (
        "Share of those called leaving who bought in the {churn_days} after; {with_base} with a base, lines: intervals"
    ),
    "outlook.labels_table": "Whom each definition calls leaving, and who of these came back",
    "outlook.nearest": (
        "Definitions name different {customers}: even “{nearest_label}” and “partial defection” share only "
        "{nearest_overlap} of those whom either names"
    ),
    "outlook.nearest_otherwise": "How far the definitions name the same {customers} cannot be told",
    "outlook.flips": (
        "Of {questions_asked} about which kind of {customer} leaves more often, {questions_flipped:bare} get opposite "
        "answers by different definitions"
    ),
    "outlook.flips_otherwise": (
        "No question about which kind of {customer} leaves more often gets opposite answers by different definitions"
    ),
    "outlook.churn_short": (
        "Whether {customers} leave cannot be foretold here: that needs {churn_needed} of purchases, with some who leave "
        "and some who stay after every cut"
    ),
    "outlook.methods_title": "The model puts {model_auc} of pairs in the right order, {best_rule} {rule_auc}",
    "outlook.methods_title_otherwise": "How well each forecast puts {customers} in order",
    "outlook.methods_subtitle": "Share of pairs of one who left and one who stayed in the right order (AUC); {tested}",
    "outlook.methods_table": "How well each forecast did on days it had not seen; calibrated has slope one and shift zero",
    "outlook.added": "Beyond {best_rule} the model adds {auc_gained} to the AUC",
    "outlook.added_otherwise": "The model adds nothing that can be told beyond the best rule of thumb",
    "outlook.brand_added": "Knowing who changes brands adds {brand_added} to the AUC",
    "outlook.brand_added_otherwise": "Knowing who changes brands adds nothing that can be told",
    "outlook.channel_added": "Knowing who changes channels adds {channel_added} to the AUC",
    "outlook.channel_added_otherwise": "Knowing who changes channels adds nothing that can be told",
    "outlook.calls_title": "Calling {call_share} {call_order} would have brought {call_gain} per {per}",
    "outlook.calls_title_otherwise": "Under these terms it is not sure that calling would have paid",
    "outlook.calls_subtitle": (
        "Gain per {per} if {won_back} of those who leave are won back, at a margin of {margin} and {call_cost} a call"
    ),
    "outlook.calls_axis": "Share of {customers} called",
    "outlook.reasons_table": "What the alerts rest on",
    "outlook.lead": (
        "Of those who left, {left_alerted} had been on the weekly list, at the median {lead_days} ahead of {lead_most} "
        "looked at; of those who stayed, {stayed_alerted}"
    ),
    "outlook.lead_otherwise": "How early alerts come cannot be told here",
    "outlook.lost_title": "Before leaving: {sure_reason}, {sure_times:bare} times as often as elsewhere",
    "outlook.lost_title_otherwise": "No single thing in purchases was surely more frequent before leaving",
    "outlook.lost_subtitle": (
        "Share among {left_before} who then left, by the share among those who stayed; sure: beyond chance, all looked at "
        "together"
    ),
    "outlook.lost_axis": "Times as frequent before leaving",
    "outlook.complaints_table": "With what {customers} had turned to the service before they left or stayed",
    "outlook.coverage": (
        "Something of this was seen of {covered_share} of those who left, and of {covered_stayed} of those who stayed"
    ),
    "outlook.coverage_otherwise": "Too few left to say what was seen of them before",
    "outlook.sequences_tell": (
        "Of {sequences_tested} of purchases {sequences_stand:bare} follow more or less often before leaving, beyond chance"
    ),
    "outlook.sequences_tell_otherwise": (
        "No sequence of purchases was found that follows more often before leaving than before staying"
    ),
    "outlook.sequences_table": "Sequences of purchases that tell those who left from those who stayed",
    # what they will buy
    "outlook.intention_title": "In {parts_inside:bare} of {parts} as many bought as foretold, within chance",
    "outlook.intention_title_otherwise": "How many bought, by how likely it was said to be",
    "outlook.intention_subtitle": (
        "Share who bought goods within {intention_days}, by the probability foretold; {intention_tested}, out of time"
    ),
    "outlook.intention_axis": "Probability foretold",
    "outlook.intention_table": "How well each forecast did on days it had not seen",
    "outlook.intention_short": (
        "Who will buy cannot be foretold here: that needs {intention_needed} of purchases, with some who buy and some "
        "who do not after every cut"
    ),
    # coming sales
    "outlook.forecast_title": "In the week to {next_week_end}, sales of {next_sales} are to be expected",
    "outlook.forecast_title_otherwise": "What is to be expected in the next weeks",
    "outlook.forecast_subtitle": "Sales per seven days, sold and forecast, with the interval of the forecast; {sales_customers} of late",
    "outlook.forecast_subtitle_otherwise": "Sales per seven days, sold and forecast, with the interval of the forecast",
    "outlook.forecast_table": "How far forecasts made from {forecast_dates} in the past were off",
    "outlook.forecast_table_otherwise": "How far forecasts made in the past were off",
    "outlook.forecast_held": "Intervals made in the same way held {held_share} of the weeks that followed. Categories and fuel, each forecast by itself, are off the whole by {parts_gap} on average; the difference is then shared out",
    "outlook.forecast_beside": (
        "Added up {customer} by {customer}, {worth_ahead} may be expected in the next {ahead_weeks}; the forecast of all "
        "sales says {sales_ahead}: {ahead_verdict}. The sum knows no weekday and nobody who is yet to join, the forecast "
        "knows no {customer}"
    ),
    "outlook.forecast_short": "Not enough data for a forecast: it needs {weeks_needed} of sales to be judged by, and {weeks_there} are here",
    "outlook.forecast_few": "Not enough data for a forecast: of late too few {customers} have ordered",
    "outlook.stock_title": "Stock at these levels sufficed in {sufficed_share} of past lead times",
    "outlook.stock_title_otherwise": "How many pieces suffice until the next delivery",
    "outlook.stock_subtitle": "Pieces that suffice for {lead_time} at a service level of {service_level}; {lead_times_tested}",
    "outlook.stock_subtitle_otherwise": "Pieces that suffice until the next delivery",
    "outlook.stock_table": "Pieces expected and pieces that suffice, by category",
    "outlook.no_stock": "Not enough data for a stock: it needs several categories with enough {customers}, and as many weeks as a forecast",
    # what rises and falls
    "outlook.changed_title": "A new level since about {changed_on}: {changed_figure}, by {shift}",
    "outlook.changed_for_title": "Another level from about {changed_from} to {changed_until}: {changed_figure}, by {shift}",
    "outlook.moving_title": "One key figure is {moving_direction}: {moving_figure}, {moved} over the weeks",
    "outlook.steady_title": "None of {steady_figures} has a clear direction or a new level",
    "outlook.steady_title_otherwise": "Where the key figures are heading",
    "outlook.trends_subtitle": "Each key figure by its own mean over {trend_weeks}; {trend_customers}",
    "outlook.trends_subtitle_otherwise": "Each key figure by its own mean over the weeks",
    "outlook.trends_table": (
        "By how much each key figure rose or fell in all, and whether its level changed; a date where one can be told"
    ),
    "outlook.no_trend": "Not enough data for a trend: it needs {trend_weeks_needed} that are whole, with enough {customers} in them",
    # leads
    "outlook.leads_title": "Of {open_leads} that are open, {expected_wins} may be expected to be won",
    "outlook.leads_title_otherwise": "How many opportunities of each stage are won",
    "outlook.leads_subtitle": "Share won in the end, of earlier opportunities looked at while they were in the stage; {leads_tested}",
    "outlook.leads_subtitle_otherwise": "Share won in the end, of earlier opportunities looked at while they were in the stage",
    "outlook.leads_table": "What is open in each stage, and what to expect of it",
    "outlook.leads_better": "What is known of an opportunity tells more than its stage: the squared error of such chances was {model_error}, that of the stage alone {stage_error}, on {leads_tested} later than the {leads_learned} learned from",
    "outlook.leads_stage": "Each open opportunity has the rate of its stage: age, amount and record told no more of later ones (squared error {model_error}, with the stage alone {stage_error}; {leads_tested}, learned from {leads_learned})",
    "outlook.few_leads": "Not enough data for chances of opportunities: too few have been won and lost to learn from and to test on",
    # findings
    "outlook.leaving": (
        "{left_share} of {with_base} spend so much less than they did that they count as leaving in part; yet "
        "{back_share} of these buy again soon after, {before_share} enough not to count any more"
    ),
    "outlook.churn_better": (
        "Who will leave in part is foretold better by a model than by {best_rule}: it puts {model_auc} of pairs in the "
        "right order, a gain of {auc_gained}"
    ),
    "outlook.churn_as_good": (
        "Who will leave in part is foretold no better by a model than by {best_rule}, which puts {rule_auc} of pairs in "
        "the right order: the model adds {auc_not_gained}"
    ),
    "outlook.alerts": "Of {alerts_tested} with the highest risk {precision} left in part, of all {anybody}",
    "outlook.lost": (
        "Before leaving one thing was seen more often than of those who stayed: {sure_reason}, {sure_times} times as often"
    ),
    "outlook.defection_sequences": (
        "{sequences_stand} of purchases, of {sequences_tested:bare} tested, follow more or less often before leaving than "
        "before staying"
    ),
    "outlook.intention": (
        "Who will buy within {intention_days} is foretold by a model that puts {intention_auc} of pairs in the right "
        "order; days since the last visit alone put {intention_recency_auc}"
    ),
    "outlook.forecast": "In the week to {next_week_end}, sales of {next_sales} are to be expected; forecasts made before erred {error_ratio} times as much as taking the week before would have",
    "outlook.forecast_naive": "In the week to {next_week_end}, sales of {next_sales} are to be expected, as in the week before: smoothing erred {error_beside_naive} times as much, which is not clearly less",
    "outlook.stock": "Stock kept at {service_level} for {lead_time} sufficed in {sufficed_share} of past lead times, tested in {stock_categories}",
    "outlook.changed": "The level of one key figure changed about {changed_on}: {changed_figure}, by {shift}",
    "outlook.changed_for": "The level of one key figure was another from about {changed_from} to {changed_until}: {changed_figure}, by {shift}",
    "outlook.moving": "One key figure is {moving_direction} over the study's weeks: {moving_figure}, {moved} from the first to the last",
    "outlook.steady": "None of {steady_figures} has a clear direction or a new level over {trend_weeks}",
    "outlook.leads": "Of {open_leads} that are open {expected_wins} may be expected to be won, worth {expected_value}",
    # words in tables and charts
    "outlook.word_did": "did",
    "outlook.word_share_of_those_called": "share of those called",
    "outlook.word_line": "line",
    "outlook.word_bought_again": "bought again",
    "outlook.word_spent_enough_again": "spent enough again",
    "outlook.word_seen": "seen",
    "outlook.word_as_foretold": "as foretold",
    "outlook.word_waited": "waited more than a day",
    "outlook.word_any": "any of these",
    "outlook.word_all_sales": "all sales",
    "outlook.word_fuel": "fuel",
    "outlook.word_all_other_goods": "all other goods",
    "outlook.word_all_other_sales": "all other sales",
    "outlook.word_fifth": "the fifth who spent most before",
    "outlook.word_known_others": "other customers known before",
    "outlook.word_seen_later": "customers first seen later",
}
