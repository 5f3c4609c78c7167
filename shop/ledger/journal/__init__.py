"""The journal out of the building: for accounting programs that nobody here wrote."""
