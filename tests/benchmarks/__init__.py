"""How fast it is and how much memory it takes: ``make bench``, or ``make bench only=backbone``."""
