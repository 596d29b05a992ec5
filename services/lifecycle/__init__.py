"""Keeps the standing of every document from the events of the chain."""
