"""Minutes: what they say, in which forms, and their versions."""
