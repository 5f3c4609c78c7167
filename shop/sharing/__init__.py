"""A group shares what it earned: rules, shares, its fund, advances, and who got what."""
