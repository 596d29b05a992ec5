"""Everything that is not one of the four functions: stages, workers, the in-process chain."""
