"""Tables printed as plain text: tab-separated, one cell a line, with pipes, or aligned with spaces."""
