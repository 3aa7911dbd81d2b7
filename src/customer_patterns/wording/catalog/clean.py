"""Sentences of the clean chapter."""

#: A chart of gaps names columns with their tables ("order lines: unit price"): tables, and columns that may be empty. A
#: test holds them against the canonical schemas, which take a second to import.
_NAMED = """
    customers age_group income_group home_ownership marital_status household_size household_composition children
    gender occupation education debt_group lifestyle city country region_id account_type registered_on
    customer_traits identities name phone email address social_handle birthday postcode card visitor_id system
    known_since regions region_name area_type population median_income products department category product_type
    brand package_size manufacturer_id unit_cost order_lines store_id delivered_week unit_price channel
    payment_method currency status reverses_order_id order_channels contracts plan ends_on cancelled_on monthly_fee
    usage feature product_id amount unit events event_id customer_id session_id page search_term device user_agent
    referrer dwell_seconds order_id loyalty_ledger points balance tier referrals opportunities owner experiments
    outcome outcome_at consents campaigns campaign_type campaign_recipients coupons coupon_redemptions promotions
    display_location mailer_location messages campaign_id delivered_at bounced_at opened_at clicked_at replied_at
    unsubscribed_at survey_items dimension wording_en wording_zh survey_invitations survey_sheets started_at
    language duration_seconds weight survey_responses answer contacts topic first_response_at closed_at agent_id
    rated_at csat calls contact_id talk_share silence_share pitch_variation transcript feedback rating text
    source_type author_key reply_to likes shares feedback_codes coded_at
"""

SENTENCES: dict[str, str] = {
    "clean.kept": "{kept:bare} of {delivered} are kept; what was dropped carried {revenue_lost} of revenue",
    "clean.kept_apart": "{kept:bare} of {delivered} are kept as purchases of customers; all others are set apart",
    "clean.kept_all_revenue": "{kept:bare} of {delivered} are kept; those that were dropped carried no revenue",
    "clean.kept_left_out": "{kept:bare} of {delivered} are kept; {left_out:bare} of the others belong to customers who refuse analysis, or to accounts that are no customers'",
    "clean.all_kept": "Every one of {delivered:bare} order lines is kept",
    "clean.fuel": "Fuel is {share} of revenue and is shown apart; its units are not things in a basket",
    "clean.described": "{described:bare} of {customers_seen:bare} {customers} are described by demographics; the others are kept as unknown",
    "clean.all_described": "Every one of {customers_seen:bare} {customers} is described by demographics",
    "clean.rules": "What each rule found and did, without {quiet} that found nothing; records and money balance from row to row",
    "clean.kinds_title": "Fuel brings {share} of revenue",
    "clean.kinds_title_plain": "Goods bring {share} of revenue",
    "clean.only_goods": "All {kept} are goods; neither fuel nor gift cards are among them",
    "clean.kinds_subtitle": "Share of revenue by kind of order line; all {kept}, counted in full",
    "clean.gaps_title": "{name} is the column with most gaps",
    "clean.no_gaps": "No delivered column has a gap",
    "clean.gaps_subtitle": "Share of delivered records without a value, counted in full; columns without gaps are not shown",
    "clean.gaps_source": "Table {table}, deliveries up to {as_of}",
    "clean.source": "Table order_lines, {first} to {last}",
    "clean.quality": "How complete and valid each delivered column was",
    "clean.weeks_agree": "{share} of order lines fall into the sender's own week of the local day: the time zone is right",
    "clean.weeks_differ": "Only {share} of order lines fall into the sender's own week of the local day: check the time zone",
    "clean.answer_rules": "What each rule found and did in what customers said, without {quiet} that found nothing",
    "clean.nothing_said": "No surveys, contacts or texts were delivered",
    "clean.answer_quality": "How complete and valid the columns of what customers said were",
    "clean.no_checks": "No delivered column has a rule for what is valid",
    "clean.answers": "{answers_kept:bare} of {answers} in surveys are kept; outside the scale and emptied: {emptied:bare}",
    "clean.some_answers": "{answers_kept:bare} of {answers} in surveys are kept, and each of them lies within its scale",
    "clean.all_answers": "Every one of {answers:bare} answers in surveys is kept, and each lies within its scale",
    "clean.totals": "What the order lines are, those set apart included, with the sign as delivered; a dash: the sum would tell what few {customers} spent",
    "clean.nothing_apart": "Every order line kept is a purchase of a customer; nothing was set apart",
    "clean.reversed": "Returns, cancellations and corrections of accounts are set apart: {reversed}, which move {reversed_revenue} in all",
    "clean.guests": "Guests stand behind {guest_share} of purchases and {guest_revenue_share} of revenue ({guest_lines}): in the totals, in no figure per customer",
    "clean.foreign": "Set apart and in no sum: {foreign_lines} in another currency",
    "clean.other_rules": "What each rule found and did in visits, messages, points, contracts and all other records, without {quiet} that found nothing",
    "clean.all_other_rules": "What each rule found and did in visits, messages, points, contracts and all other records",
    "clean.nothing_found": "None of {quiet} found anything",
    "clean.other_quality": "How complete and valid the columns of all other records were",
    "clean.sheets": "Mean answers with and without doubtful sheets, in points from worst to best, with intervals",
    "clean.no_doubtful_sheets": "No answer sheet was filled in too fast or with one answer throughout",
    "clean.scales": "Questions whose answers do not fit the scale that was declared, as delivered",
    "clean.source_quality": "Columns that the sources of one table fill differently, or whose values cannot be",
    "clean.one_source": "Each table comes from one source, or its sources fill it alike",
    "clean.arrivals": "When records were first handed over, against when they happened",
    "clean.no_handover": "No contract says when its records were handed over: whether they came late cannot be said",
    "clean.late": "{late:bare} of {arrived} with a day of hand-over came late: an earlier hand-over lacked them",
    "clean.suspected": "Events on the web and in the app, with and without suspected programs",
    "clean.consistency": "What one delivery names, and whether another described it",
    "clean.other_consistency": "What purchases and other records name in each other, and whether it was delivered",
    "clean.no_references": "No two deliveries name each other's records",
    "clean.unread": "Collected, unused: columns that no chapter reads; they are emptied here",
    "clean.all_read": "Every column that the study file names is read by a chapter; the chapter on collection lists what else came",
    "clean.who": "{identity_records} with contact details belong to {profiles:bare} persons; {records_joined:bare} of the records share a person with another",
    "clean.shared": "{shared_values} that contradicting persons or too many records hold join nobody by themselves",
    "clean.in_doubt": "{pairs_in_doubt} are alike, but not enough or with a contradiction; they stay apart until a person decides",
    "clean.weights_title": "{likely:bare} of {compared} compared weigh enough to be one person's",
    "clean.weights_subtitle": "Match weight in bits, all fields together; pairs that share a value ({compared}), counted in full",
    "clean.weights_threshold": "threshold",
    "clean.who_source": "Table match_weights, from identities",
    "clean.keys_only": "Too few records share a value to learn what likeness weighs: only keys that are one person's own join records",
    "clean.ways": "By what records of one person were joined; a dash: too few to be shown",
    "clean.pattern": "What the commonest kind of likeness adds up to",
    "clean.no_pattern": "No kind of likeness is common enough to be shown",
    "clean.identity_scores": "How many joins are right, and how many right pairs are joined, by a labeled sample",
    "clean.labels_needed": "How many of these joins are right is not known here: a labeled sample is needed; the table review_sample holds pairs to label",
    "clean.visitor_links": "Whose the events on the web and in the app are, and by which rule",
    "clean.word_bits": "match weight",
    "clean.word_pairs": "pairs",
    "clean.word_share": "share",
    "clean.word_kind": "kind",
    "clean.word_missing": "missing",
    **{f"clean.word_{name}": name.replace("_", " ") for name in _NAMED.split()},
}
