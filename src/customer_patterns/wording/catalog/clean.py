"""Sentences of the clean chapter."""

SENTENCES: dict[str, str] = {
    "clean.kept": "{kept:bare} of {delivered} are kept; what was dropped carried {revenue_lost} of revenue",
    "clean.fuel": "Fuel is {share} of revenue and is shown apart; its units are not things in a basket",
    "clean.no_fuel": "No fuel was found among {kept}",
    "clean.described": "{described:bare} of {customers_seen:bare} {customers} are described by demographics; the others are kept as unknown",
    "clean.rules": "What each rule found and did; records and money balance from row to row",
    "clean.kinds_title": "Fuel brings {share} of revenue",
    "clean.kinds_title_plain": "Goods bring {share} of revenue",
    "clean.kinds_subtitle": "Share of revenue by kind of order line; all {kept}, counted in full",
    "clean.gaps_title": "{name} is the column with most gaps",
    "clean.no_gaps": "No delivered column has a gap",
    "clean.gaps_subtitle": "Share of delivered records without a value, counted in full; columns without gaps are not shown",
    "clean.gaps_source": "Table quality, deliveries up to {as_of}",
    "clean.source": "Table order_lines, {first} to {last}",
    "clean.quality": "How complete and valid each delivered column was",
    "clean.weeks_agree": "{share} of order lines fall into the sender's own week of the local day: the time zone is right",
    "clean.weeks_differ": "Only {share} of order lines fall into the sender's own week of the local day: check the time zone",
}
