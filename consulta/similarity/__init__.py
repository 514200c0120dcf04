"""Which texts say the same: encoders, an index in memory, tight groups and their reasons. No Flask, no database."""
