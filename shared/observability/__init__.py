"""Logging and the catalogue of log actions and metrics."""
