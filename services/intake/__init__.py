"""The entry of the chain: bucket notifications become one event per uploaded file."""
