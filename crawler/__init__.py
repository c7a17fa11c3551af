"""Finds and fetches pages, and takes the article out of them."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("colporteur")
except PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0"


def user_agent(contact: str) -> str:
    """How we introduce ourselves, with a way to reach the operator (RFC 9110, section 10.1.5)."""
    return f"colporteur/{__version__} (+{contact})"
