"""Progress, and the way forward from a proposal."""
