"""Scanned pages: an image becomes the same page content that a digital page has."""
