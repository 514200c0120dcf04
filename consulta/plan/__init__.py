"""Commitments and where they come from."""
