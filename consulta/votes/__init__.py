"""Supporting, and taking support back."""
