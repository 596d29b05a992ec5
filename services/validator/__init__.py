"""Whether it holds: a `Report` becomes an `Assessment`."""
