"""Measurements: how fast the chain is and how much memory it takes."""
