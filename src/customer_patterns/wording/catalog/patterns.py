"""Sentences of the patterns chapter.

A title ``<key>`` has a twin ``<key>_otherwise`` for data that do not suffice for its figures.
"""

SENTENCES: dict[str, str] = {
    # where there is nothing
    "patterns.none": (
        "Nothing is said here: there are too few {customers} or too few items, or no set of items stands after all tests"
    ),
    "patterns.trouble": "A level was not searched: mining it would need more memory than is allowed",
    # the search
    "patterns.funnel_title": "{naive_pairs:bare} of {frequent_pairs} pass a naive test, {same_basket_pairs:bare} an honest one",
    "patterns.funnel_title_otherwise": "How many pairs were searched, and how many stand",
    "patterns.funnel_subtitle": "Pairs of categories after each sieve; {baskets} of {everyone}",
    "patterns.funnel_subtitle_otherwise": "Pairs of items after each sieve",
    "patterns.account_table": "How many sets were searched at each level, and how many stand",
    "patterns.detectable": (
        "A pair of categories has to meet about {detectable:rounded} times as often as by chance to be found in most such "
        "studies: with few {customers}, what is weaker stays unseen"
    ),
    # what goes together
    "patterns.category_title": "{category_with} and {category_also}: together {category_title_lift} times as often",
    "patterns.category_title_otherwise": "Which categories meet more often than basket size explains",
    "patterns.category_subtitle": (
        "Baskets with both, as a multiple of what basket size alone explains; {customers} who took no part in the search"
    ),
    "patterns.product_type_title": (
        "{product_type_with} and {product_type_also}: together {product_type_title_lift} times as often"
    ),
    "patterns.product_type_title_otherwise": "Which product types meet more often than basket size explains",
    "patterns.product_type_subtitle": (
        "Baskets with both, as a multiple of what basket size alone explains; {customers} who took no part in the search"
    ),
    "patterns.as_chance": "As by chance",
    "patterns.with_chance": "Times as often as by chance",
    # habit
    "patterns.habit_title": "{habit_with} and {habit_also} are bought by the same {customers}",
    "patterns.habit_title_otherwise": "Bought for each other, or by the same {customers}?",
    "patterns.habit_subtitle": (
        "Baskets with both, as a multiple of what basket size, or size and each {customer}'s habits, explain"
    ),
    # later
    "patterns.later_title": "{again:bare} of {stand} were confirmed in the months after",
    "patterns.later_title_otherwise": "What the later months say of the sets that stand",
    "patterns.later_subtitle": "Sets of categories that stand, by what the baskets after {last_early} say of them",
    "patterns.later_subtitle_otherwise": "Sets of categories that stand, by what later baskets say of them",
    "patterns.rules_table": "Rules to look at first: strong, tested on others, confirmed after {last_early}",
    # sequences
    "patterns.sequences_title": "{ordered:bare} of {tried_orders} that looked like an order stand",
    "patterns.sequences_title_otherwise": "What is bought after what",
    "patterns.sequences_subtitle": (
        "The sequences that came closest: how often one follows the other within {longest_gap}, as a multiple of chance; "
        "{customers} who took no part in the search"
    ),
    "patterns.sequences_subtitle_otherwise": "How often one follows the other, as a multiple of chance",
    "patterns.sequences_lift": "Times as often as visits in another order would bring",
    "patterns.sequences": (
        "Of {frequent_orders} of two categories that many {customers} show, {tried_orders:bare} looked like an order to "
        "those who explore; {ordered:bare} stand among the others, and {ordered_again:bare} of these are confirmed later"
    ),
    "patterns.sequences_none": (
        "Of {frequent_orders} of two categories that many {customers} show, {missed_orders:bare} looked like an order to "
        "those who explore; none stands among the others once it is allowed for who buys what, how often, and when in the year"
    ),
    # what is left where nothing is
    "patterns.permuted": (
        "A check on the checks: in {copies} of the baskets, with items exchanged among each {customer}'s own, "
        "{copy_tested} were worth testing, {copy_size:bare} stood against basket size, and {copy_found:bare} beyond habit "
        "as well; whatever stands there is false"
    ),
    # offers
    "patterns.offers_title": "{took_rules} took up something on a list by rules, {took_sales} on one of best sellers",
    "patterns.offers_title_otherwise": "What might be offered to whom",
    "patterns.offers_subtitle": (
        "Share who bought something on a list made on {last_early}, afterwards; {with_list} to whom nothing was offered"
    ),
    "patterns.offers_subtitle_otherwise": "Share who bought something on a list made before, afterwards",
    "patterns.offers_table": "What would be offered first, and to how many",
    "patterns.offers": (
        "For {offered} something is known that goes with what they buy, and is not yet bought; of those with such a list "
        "on {last_early}, {took_rules} bought something on it afterwards, and {took_sales} something on an equally long "
        "list of what sells most"
    ),
    # limits
    "patterns.null_model": (
        "How large a lift is depends on what it is held against. Held against shares among baskets of one size alone "
        "(Mantel and Haenszel), and counted over all {customers}, {category_with} and {category_also} meet "
        "{plain_lift:full} times as often as by chance; it is {category_lift:full} where the places in a basket are "
        "limited and only those who test are counted"
    ),
    "patterns.null_model_otherwise": (
        "How large a lift is depends on what it is held against: other ways to allow for basket size give another one"
    ),
    # findings
    "patterns.naive": (
        "Of {frequent_pairs} of categories that are often in one basket, {naive_pairs:bare} pass the test that is usually "
        "made; {same_basket_pairs:bare} stand when basket size and habit are taken into account and other {customers} "
        "are asked, and {confirmed_pairs:bare} of these are confirmed later"
    ),
    "patterns.naive_none": (
        "Of {missed_pairs} of categories that are often in one basket, {naive_pairs:bare} pass the test that is usually "
        "made; none stands when basket size and habit are taken into account and other {customers} are asked"
    ),
    "patterns.category": (
        "{category_with} and {category_also} meet in one basket {category_lift} times as often as basket size alone "
        "explains, and {category_later} times as often after {last_early}"
    ),
    "patterns.product_type": (
        "{product_type_with} and {product_type_also} meet in one basket {product_type_lift} times as often as basket size "
        "alone explains, and {product_type_later} times as often after {last_early}"
    ),
    "patterns.habit": (
        "{habit_with} and {habit_also} meet {habit_size_lift} times as often as basket size explains, but {habit_own_lift} "
        "times as often as the habits of those who buy both let expect: most of it is that the same {customers} buy both"
    ),
    "patterns.later": (
        "Of {stand} of categories that stand, {again:bare} are confirmed in the baskets after {last_early}, "
        "{weaker:bare} are weaker, {lost:bare} are not found again, and {unclear:bare} cannot be told"
    ),
    "patterns.threes": (
        "Of {frequent_sets} of three categories that are often in one basket, {yekutieli_sets:bare} say more than the pairs "
        "in them"
    ),
    # coupons and campaigns
    "patterns.campaign_title": "From a campaign's start, recipients spend {campaign_change} times as much as just before",
    "patterns.campaign_title_otherwise": "What recipients spend around a campaign's start",
    "patterns.campaign_subtitle": (
        "Spend of {campaign_recipients} by week, as a multiple of their own weeks far from any campaign and of all {customers}' same week"
    ),
    "patterns.campaign_subtitle_otherwise": "Spend by week, as a multiple of weeks far from any campaign",
    "patterns.campaign_week": "Weeks since a campaign began",
    "patterns.as_other_weeks": "As in other weeks",
    "patterns.times_as_much": "Times as much spend",
    "patterns.before_unlike": (
        "Before a campaign began, its recipients already spent {before_unlike:full} times as much as in weeks far from "
        "any: they were on a way of their own, and what the campaign did cannot be told apart from it"
    ),
    "patterns.before_alike": (
        "Before a campaign began, its recipients spent {before_alike:full} times as much as in weeks far from any: not "
        "clearly more or less, which is no proof that they would have gone on like that"
    ),
    "patterns.mail_goes_to": (
        "{customers:capital} who ever got a campaign placed {mailed_orders:full} each, all others {unmailed_orders:full}: "
        "the seller writes to those who buy anyway, so those two are nowhere compared"
    ),
    "patterns.promoted_share": (
        "{discount_share:full} of the revenue of goods is sold with a discount of the shop, {coupon_share:full} with a coupon"
    ),
    "patterns.coupon_table": "How often those who get a campaign redeem one of its coupons",
    # promotions and prices
    "patterns.promotion_title": "On display and in the mailer, {both} times as many units are sold",
    "patterns.promotion_title_otherwise": "What is sold while it is promoted",
    "patterns.promotion_subtitle": (
        "Units in a store and week, as a multiple of the same product there in weeks without; {response_products}"
    ),
    "patterns.promotion_subtitle_otherwise": "Units in a store and week, as a multiple of weeks without a promotion",
    "patterns.times_as_many": "Times as many units",
    "patterns.week_before_flat": (
        "In the week before a promotion, which it cannot have moved, {week_before_flat:full} times as many units are sold "
        "as without: not clearly more or less"
    ),
    "patterns.week_before_not": (
        "In the week before a promotion, which it cannot have moved, {week_before_not:full} times as many units are sold "
        "as without: about as much of the response is not the promotion's"
    ),
    "patterns.prices_apart": (
        "What a product costs differs from store to store within a week, and is on record only where it was sold, so "
        "nothing is said of prices"
    ),
    "patterns.product_table": "How products that are bought most respond, each drawn toward the mean of all",
    # the mix
    "patterns.siblings_title": "{substitute_pair}: bought instead of each other",
    "patterns.siblings_title_otherwise": "What is bought instead of each other, and what with each other",
    "patterns.siblings_subtitle": (
        "Baskets with both, as a multiple of what {customers}' tastes and basket sizes explain; {sibling_pairs} tested"
    ),
    "patterns.siblings_subtitle_otherwise": "Baskets with both, as a multiple of what tastes and basket sizes explain",
    "patterns.siblings_account": (
        "Of {sibling_pairs} of product types of one category, {substitute_pairs:bare} are bought instead of each other, "
        "{complement_pairs:bare} with each other, {apart_pairs:bare} were not sold at the same time; of all others it cannot be told"
    ),
    "patterns.risk_title": "{risk_share} of the revenue of {risk_product} comes from those who take no other",
    "patterns.risk_title_otherwise": "What might be lost with a product",
    "patterns.risk_subtitle": "Share of a product's revenue that might be lost with it, under two assumptions; most at risk first",
    "patterns.share_at_risk": "Share of its revenue",
    "patterns.promotion": (
        "Products on display and in the mailer sell {both} times as many units as in weeks without, and {both_equal} times "
        "as many at equal prices: how they respond to what the retailer chose, no elasticity"
    ),
    "patterns.promotion_unpriced": (
        "Products on display and in the mailer sell {both_unpriced} times as many units as in weeks without, with "
        "whatever price came along: how they respond to what the retailer chose, no elasticity"
    ),
    "patterns.substitutes": (
        "{substitute_first} and {substitute_second} are bought by the same {customers}, but meet in one basket only "
        "{substitute_factor} times as often as tastes and basket size explain: they stand in for each other"
    ),
    # preferences
    "patterns.preferences_title": "{prefer_category} of {customers} buy clearly more of some category than others do",
    "patterns.preferences_title_otherwise": "How many {customers} prefer something",
    "patterns.no_preferences": "No {customer} can be said to buy more of anything than all do",
    "patterns.preferences_subtitle": (
        "Share of {customers} who buy clearly more of something than all do, by what is chosen"
    ),
    "patterns.half_own": (
        "After {half_own_category} what a {customer} bought says as much of their categories as what all buy"
    ),
    "patterns.channel_of": (
        "{own_channel_share:full} of {customers} order mostly through one channel, {own_channel}; of {channel_untold:full} "
        "it cannot be told, since even orders that all came through one channel would be too few to show it"
    ),
    # change
    "patterns.changes_title": "{changed_category} of {customers} choose other categories than before",
    "patterns.changes_title_otherwise": "Who chooses otherwise than before",
    "patterns.changes_subtitle": (
        "Share of {change_tested_category} who choose otherwise in the last {change_days} than before"
    ),
    "patterns.changes_subtitle_otherwise": "Share of {customers} who choose otherwise than before",
    # trend, switching
    "patterns.trends_title": "{order_less} of {customers} order less from quarter to quarter, {order_more} order more",
    "patterns.trends_title_otherwise": "Who buys more from quarter to quarter, and who less",
    "patterns.no_trends": "No {customer} can be said to buy more, or less, from quarter to quarter",
    "patterns.trends_subtitle": "Share of {trends_asked} whose trend is clear, by what stands in for loyalty",
    "patterns.trends_subtitle_otherwise": "Share of {customers} whose trend is clear, by what stands in for loyalty",
    # unusual orders
    "patterns.unusual_table": "Orders unlike the other orders of the same {customer}, and how many chance alone would show at most",
    # findings
    "patterns.preferred": (
        "What {customers} buy later is foretold best by their own shares drawn toward those of all: the chances given to "
        "what they then bought are {likelier_than_all} times as high as by the shares of all, and {likelier_than_raw} "
        "times as high as by their own shares as they are"
    ),
    "patterns.changed": (
        "{changed_category} of {change_tested_category} choose other categories in the last {change_days} than before, "
        "beyond what their own visits in any order would show; {looks_changed_category} look as if, and "
        "{by_chance_category} would if nobody had changed"
    ),
    "patterns.changed_none": (
        "Of {unchanged_category} none clearly chooses other categories in the last {change_days} than before; "
        "{looks_changed_category} look as if, and {by_chance_category} would if nobody had changed"
    ),
    "patterns.trend": (
        "{order_less} of {trends_asked} clearly order less from quarter to quarter, and {order_more} more; of the others "
        "it cannot be told"
    ),
    "patterns.switching_more": (
        "When {customers} buy from a category again, {switching_rate} of purchases in the last {switch_days} are of "
        "another maker, which is {switching_more} more than before, category by category; it would be "
        "{switching_unordered} if purchases came in any order"
    ),
    "patterns.switching_less": (
        "When {customers} buy from a category again, {switching_rate} of purchases in the last {switch_days} are of "
        "another maker, which is {switching_less} less than before, category by category; it would be "
        "{switching_unordered} if purchases came in any order"
    ),
    "patterns.switching_alike": (
        "When {customers} buy from a category again, {switching_rate} of purchases in the last {switch_days} are of "
        "another maker, not clearly more or less than before, category by category ({switching_alike}); it would be "
        "{switching_unordered} if purchases came in any order"
    ),
    "patterns.unusual": (
        "Of {unusual_of}, {unusual_orders:bare} are unlike what the same {customers} otherwise do in amount, units, hour "
        "or mix; if all were ordinary, up to {unusual_by_chance:bare} would be called so"
    ),
    "patterns.own_channel": "{own_channel_share} of {customers} order mostly through one channel, {own_channel}",
}
