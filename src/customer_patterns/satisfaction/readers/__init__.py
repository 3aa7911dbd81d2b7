"""Readers of the stage's own tables: which figures each lends to the chapter's sentences."""

from customer_patterns.satisfaction.readers import answers, done, drivers, service, texts, unanswered

READERS = {
    **answers.READERS,
    **unanswered.READERS,
    **drivers.READERS,
    **done.READERS,
    **service.READERS,
    **texts.READERS,
}
