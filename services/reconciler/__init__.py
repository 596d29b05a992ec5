"""Finds uploads that the chain never heard of: every S3 server can lose a notification."""
