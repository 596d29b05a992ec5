"""The steps from any older database to the present one, run by `services.indexer.database`."""
