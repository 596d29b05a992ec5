"""Word documents as a reader sees them: changes accepted, numbering printed, tables as grids."""
