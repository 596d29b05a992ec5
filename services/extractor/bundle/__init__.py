"""Several files for one report: archives opened, and the files that belong together put together."""
