"""Proposals that may be one, and making them one without loss."""
