"""Consultations, their phases, themes and appointments."""
