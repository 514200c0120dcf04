"""What is decided of proposals: shortlisted, left out, referred, reopened."""
