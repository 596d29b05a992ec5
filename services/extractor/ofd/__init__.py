"""OFD (GB/T 33190): the package, its resources, and pages as the characters and strokes that the lattice reads."""
