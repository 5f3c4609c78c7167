"""Orders on paper: the buyer's receipt, the seller's packing slip, a label as a picture."""
