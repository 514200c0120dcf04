"""What in-person tables decided."""
