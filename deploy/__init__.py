"""How juesuan is put on a machine: with nothing but Python (local), with Docker (compose), on Kubernetes."""

#: services with a consumer loop, in the order of the chain
CHAIN_SERVICES = ("intake", "extractor", "normalizer", "validator", "indexer", "lifecycle")
