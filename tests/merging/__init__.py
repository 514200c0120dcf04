"""Merging proposals, taking merges apart, and the groups the machine suggests."""
