"""Choosing for the plan, with reasons."""
