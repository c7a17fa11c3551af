"""Erasure: takes what somebody may have out of every place it is in, and keeps it out."""
