"""The commands that speak with a running chain: Kafka, the object store and the database of the services."""
