"""What happens by itself after a change: small jobs that take ids, may run twice, and call one action."""
