"""What a form holds and in what shape; no rules, queries or mail."""
