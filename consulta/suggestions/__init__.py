"""What the machine suggests of proposals: groups of similar ones, how strictly, and what people said of it."""
