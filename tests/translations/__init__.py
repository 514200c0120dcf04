"""The site speaks Spanish and English, each wholly."""
