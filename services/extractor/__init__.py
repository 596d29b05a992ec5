"""What is printed: a file becomes a `Document`."""
