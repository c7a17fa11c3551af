"""Which URLs a site offers: bytes in, candidates out, no I/O."""
