"""Agencies, courses, cohorts, participants and certificates."""
