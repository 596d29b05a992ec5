"""Where it can be found: reports and assessments become rows, revisions and search."""
