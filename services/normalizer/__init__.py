"""What it means: a `Document` becomes a `Report`."""
