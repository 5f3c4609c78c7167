"""Consignment (titip jual): goods left at a point, and money from what was sold of them."""
