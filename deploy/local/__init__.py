"""A real Kafka, a real S3 server and a real PostgreSQL from the package registries, without root and without Docker."""
