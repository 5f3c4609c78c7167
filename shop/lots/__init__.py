"""Lots of a cooperative: what its members bring is sold together, and settled by weighed grades."""
