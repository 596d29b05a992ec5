"""Archives of several files, written byte by byte where no free program writes the format."""
