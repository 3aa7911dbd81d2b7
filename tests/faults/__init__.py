"""What bad input gets: ``make faults``, or ``make faults only=killed``."""
