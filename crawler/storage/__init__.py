"""Shared storage: what is published of a data folder lies where `DATA_DIR` names it by URI.

An object store has neither symlinks, hard links, renames nor locks. So state, staging and the
commit stay on the machine, in `LOCAL_DIR`, and what is done is sent: each snapshot file by file,
its manifest last, and then the one object that says which snapshot is the latest.
"""
