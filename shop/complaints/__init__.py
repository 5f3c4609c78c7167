"""Complaints: what a buyer reports of a part, what the seller says to it, what staff decide."""
