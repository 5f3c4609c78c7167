"""Sellers (a homemaker, a group, a cooperative), their members and how they deliver."""
