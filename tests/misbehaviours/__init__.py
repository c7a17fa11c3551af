"""A server that does everything wrong, one small thing a path, and what a run must say of each."""
