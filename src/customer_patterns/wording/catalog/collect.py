"""Sentences of the collect chapter."""

SENTENCES: dict[str, str] = {
    "collect.delivered": "{lines} in {orders} by {customers_seen:bare} {customers} were delivered, worth {revenue}",
    "collect.days": "Purchases were delivered for {days:bare} of {window}",
    "collect.thin_days": "{thin} had fewer than {setting} of the orders usual for their weekday: closed, or not all delivered",
    "collect.no_thin_days": "Not one of {window} had fewer than {setting} of the orders usual for its weekday",
    "collect.set_aside": "{set_aside:bare} of {delivered} lie before the study's first day and are set aside",
    "collect.account": "Where every record up to {as_of} is now; later records are counted nowhere",
    "collect.sources": "What the study file declares about the delivered tables",
    "collect.days_subtitle": "Orders per local day, {first} to {last}; {orders} in all",
    "collect.source": "Table days, {first} to {last}, local days",
}
