"""The plan: drafting, publishing, and the way back from a commitment."""
