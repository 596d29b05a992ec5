"""What all services stand on: contracts, catalogue, adapters, runtime."""
