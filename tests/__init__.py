"""Every test; a folder mirrors its part of consulta/, journeys/ are a person's way through a real browser."""
