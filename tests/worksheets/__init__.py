"""Tests of worksheets: what devices send, photos, spreadsheets."""
