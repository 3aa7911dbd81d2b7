"""Sentences of the summary page."""

SENTENCES: dict[str, str] = {
    "summary.period": "What is said here holds for {customers_seen:bare} {customers} from {first} to {last}",
    "summary.grades": "How sure each chapter is of what it says",
    "summary.real": "The study file declares the data as real",
    "summary.simulated": "All data of this study are simulated: no number here is about a real {customer}",
}
