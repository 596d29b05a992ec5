"""Doors to the outside: database, object store, bus."""
