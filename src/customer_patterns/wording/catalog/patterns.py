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
    "patterns.department_title": "{department_with} and {department_also}: together {department_title_lift} times as often",
    "patterns.department_title_otherwise": "Which departments meet more often than basket size explains",
    "patterns.department_subtitle": (
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
}
