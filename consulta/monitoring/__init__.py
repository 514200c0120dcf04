"""How commitments advance, and what became of each proposal."""
