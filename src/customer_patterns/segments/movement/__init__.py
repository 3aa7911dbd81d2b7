"""Who has moved: the same customers grouped in two periods, less what resampling alone would move."""
