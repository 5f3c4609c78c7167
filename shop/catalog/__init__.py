"""Products, variants, stock, photos, categories and search."""
