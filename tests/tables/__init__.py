"""Tests of the room: tables, sessions, results."""
