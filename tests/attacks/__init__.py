"""Attacks: what somebody with bad intentions sends, and what must come of it (shared list of attacks)."""
