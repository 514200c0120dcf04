"""People, institutions and sectors."""
