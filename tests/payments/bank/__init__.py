"""Reading bank statements."""
