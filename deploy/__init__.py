"""How juesuan is put on a machine: with nothing but Python (local), with Docker (compose), on Kubernetes."""
